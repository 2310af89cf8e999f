import type { JsonObject } from '@video-proxy/core';
import type { VideoModel } from './video-model.ts';

/** Where a single picture goes, the place where the video begins before those where it is a reference. */
const places: readonly { readonly name: string; readonly filled: (url: string) => JsonObject }[] = [
  { name: 'image_url', filled: (url) => ({ image_url: url }) },
  { name: 'first_frame_image', filled: (url) => ({ first_frame_image: url }) },
  { name: 'keyframes', filled: (url) => ({ keyframes: { frame0: { type: 'image', url } } }) },
  ...['image_urls', 'image_list', 'reference_image_urls', 'reference_images'].map((name) => ({
    name,
    filled: (url: string) => ({ [name]: [url] }),
  })),
  { name: 'reference_image_url', filled: (url) => ({ reference_image_url: url }) },
];

/** The parameter that gives a model a picture to begin with; null when it takes none. */
export function pictureParameters({ parameters }: VideoModel, url: string): JsonObject | null {
  if (parameters === null) return { image_url: url };
  const place = places.find(({ name }) => Object.hasOwn(parameters.properties, name));
  return place === undefined ? null : place.filled(url);
}

export const isPictureParameter = (name: string): boolean => places.some((place) => place.name === name);

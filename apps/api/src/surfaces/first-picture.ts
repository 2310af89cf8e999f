import { type Catalog, pictureParameters } from '@video-proxy/aimlapi/catalog';
import type { JsonObject } from '@video-proxy/core';

/**
 * A picture for callers who only know `image_url`, as the parameter that the model has for it. A model that takes none gets
 * `image_url` all the same, and the check refuses it by that name.
 */
export function firstPicture(catalog: Pick<Catalog, 'find'>, modelName: string, url: string | undefined): JsonObject {
  if (url === undefined) return {};
  const model = catalog.find(modelName);
  return (model === null ? null : pictureParameters(model, url)) ?? { image_url: url };
}

import type { Mode } from './video-model.ts';

const firstFrames = ['image_url', 'first_frame_image', 'keyframes'];
const references = [
  'image_urls',
  'image_list',
  'reference_image_url',
  'reference_image_urls',
  'reference_images',
  'references',
  'elements',
  'character',
];
const videos = ['video_url', 'video_urls', 'reference'];
const audios = ['audio_url', 'audio_urls'];

/**
 * What a model can do, read off its parameters: a required medium excludes everything that works without it. Optional
 * audio is a sound track, not a mode.
 */
export function modesOf(takesPrompt: boolean, properties: object, required: readonly string[]): Mode[] {
  const takes = (names: readonly string[]) => names.some((name) => Object.hasOwn(properties, name));
  const needs = (names: readonly string[]) => names.some((name) => required.includes(name));
  if (needs(audios)) return ['audio-to-video'];
  if (needs(videos)) return ['video-to-video'];
  const modes: Mode[] = [];
  if (takesPrompt && !needs(firstFrames) && !needs(references)) modes.push('text-to-video');
  if (takes(firstFrames)) modes.push('image-to-video');
  if (takes(references)) modes.push('reference-to-video');
  if (takes(videos)) modes.push('video-to-video');
  return modes;
}

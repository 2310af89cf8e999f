import type { JsonObject, JsonValue } from '@video-proxy/core';
import type { ParameterIssue } from './video-model.ts';

/** What a rule looks at: shapes are already validated. */
export interface RuleInput {
  readonly prompt: string | null;
  readonly parameters: JsonObject;
}

interface Rule {
  readonly models: RegExp;
  readonly broken: (input: RuleInput) => boolean;
  readonly issue: ParameterIssue;
}

const given = (value: JsonValue | undefined) => value !== undefined && value !== null;
const anyGiven = (parameters: JsonObject, ...names: string[]) => names.some((name) => given(parameters[name]));

/** What the provider's pages say about parameters that exclude or need each other; its schemas do not express it (docs). */
const rules: readonly Rule[] = [
  {
    models: /^klingai\/video-v3-(?!motion)/,
    broken: ({ prompt, parameters }) => given(prompt) === given(parameters['multi_prompt']),
    issue: { param: 'prompt', message: 'exactly one of prompt and multi_prompt is required' },
  },
  {
    models: /^klingai\/video-v3-omni-.*image-to-video$/,
    broken: ({ parameters }) => given(parameters['tail_image_url']) && parameters['generate_audio'] !== false,
    issue: { param: 'tail_image_url', message: 'tail_image_url works only with generate_audio: false' },
  },
  {
    models: /^x-ai\/grok-imagine-video$/,
    broken: ({ parameters }) => given(parameters['image_url']) && given(parameters['reference_images']),
    issue: { param: 'reference_images', message: 'image_url and reference_images exclude each other' },
  },
  {
    models: /^pixverse\/lip-sync$/,
    broken: ({ parameters }) => {
      const pair = [parameters['lip_sync_tts_content'], parameters['lip_sync_tts_speaker']].filter(given).length;
      return given(parameters['audio_url']) ? pair !== 0 : pair !== 2;
    },
    issue: {
      param: 'audio_url',
      message: 'give either audio_url, or both lip_sync_tts_content and lip_sync_tts_speaker',
    },
  },
  {
    models: /^pixverse\/v5/,
    broken: ({ parameters }) => parameters['duration'] === 8 && parameters['resolution'] === '1080p',
    issue: { param: 'duration', message: 'a duration of 8 is not offered at 1080p' },
  },
  {
    models: /^google\/veo-3-1-lite-generate-preview$/,
    broken: ({ parameters }) => given(parameters['last_image_url']) && (parameters['duration'] ?? 8) !== 8,
    issue: { param: 'duration', message: 'duration must be 8 when last_image_url is given', allowed: [8] },
  },
  {
    models: /^alibaba\/wan-/,
    broken: ({ parameters }) => given(parameters['audio_url']) && parameters['generate_audio'] === true,
    issue: { param: 'generate_audio', message: 'generate_audio works only without audio_url' },
  },
  {
    models: /^luma\/ray-3\.2$/,
    broken: ({ parameters }) =>
      parameters['hdr'] === true &&
      ((parameters['duration'] ?? 5) !== 5 || !['720p', '1080p'].includes(String(parameters['resolution'] ?? '720p'))),
    issue: { param: 'hdr', message: 'hdr is offered only for 5 seconds at 720p or 1080p' },
  },
  {
    models: /^luma\/ray-3\.2$/,
    broken: ({ parameters }) => parameters['exr_export'] === true && parameters['hdr'] !== true,
    issue: { param: 'exr_export', message: 'exr_export needs hdr: true' },
  },
  {
    models: /^beeble\//,
    broken: ({ prompt, parameters }) => !given(prompt) && !given(parameters['reference_image_url']),
    issue: { param: 'prompt', message: 'prompt or reference_image_url is required' },
  },
  {
    models: /seedance-2/,
    broken: ({ parameters }) =>
      anyGiven(parameters, 'audio_url', 'audio_urls') &&
      !anyGiven(parameters, 'image_url', 'last_image_url', 'image_urls', 'video_url', 'video_urls'),
    issue: { param: 'audio_urls', message: 'audio needs an image or a video beside it' },
  },
  ...['video_url', 'video_urls'].map((param) => ({
    models: /./,
    broken: ({ parameters }: RuleInput) => [parameters[param]].flat().some((url) => String(url).startsWith('data:')),
    issue: { param, message: 'a video must be a public URL, embedded data is accepted for images only' },
  })),
];

export function brokenRules(modelId: string, input: RuleInput): ParameterIssue[] {
  return rules
    .filter((rule) => rule.models.test(modelId) && rule.broken(input))
    .map(({ issue }) => ({ ...issue, message: `${issue.message} (${modelId})` }));
}

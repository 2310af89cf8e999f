/**
 * Other names under which a documented model is asked for. The left side is what clients send, the right side the id
 * of the model's own specification. A live list that knows better wins over this table.
 */
export const documentedAliases: { readonly [alias: string]: string } = {
  // In no documentation, but what clients of the first video proxy send.
  'google/veo-3.1-text-to-video': 'google/veo-3.1-t2v',
  'google/veo-3.1-text-to-video-fast': 'google/veo-3.1-t2v-fast',
  // The provider's pages and specifications name one model differently (docs).
  'google/veo-3.1-lite-generate-001': 'veo-3.1-lite-generate-001',
  'klingai/video-v2-6-pro-motion-control': 'klingai/video-v2-6-motion-control',
  'pixverse/v5-5-text-to-video': 'pixverse/v5.5/text-to-video',
  'sora-2-t2v': 'openai/sora-2-t2v',
  // Used by the provider's own newest client.
  'bytedance/seedance-2-0-mini': 'bytedance/dreamina-seedance-2-0-mini',
  // Stated as aliases in the provider's model list (docs).
  'kling-video/v3/turbo/standard/text-to-video': 'klingai/video-v3-standard-turbo-text-to-video',
  'veo-2.0-generate-001': 'veo2',
  'google/veo-2.0-generate-001': 'veo2',
};

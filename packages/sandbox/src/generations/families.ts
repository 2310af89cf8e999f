/** What is known of a family of models: how long it takes, what it roughly costs, and its recorded oddities. */
export interface Family {
  /** Time of one recorded run, in seconds. Source: the provider's documentation pages. */
  readonly realSeconds: number;
  /** Inferred from single recorded prices; only the order of magnitude matters here. */
  readonly usdPerSecond: number;
  /** Scenario words this family behaves by without being asked. Source: recorded answers. */
  readonly words: string;
}

const families: readonly (readonly [RegExp, Family])[] = [
  [
    /^minimax\/hailuo|^video-01/,
    { realSeconds: 98, usdPerSecond: 0.05, words: 'id-as=digits-model generation-id-field' },
  ],
  [/^pixverse\//, { realSeconds: 50, usdPerSecond: 0.08, words: 'completed-as=succeeded' }],
  [/^bytedance\/seedance-1-0-pro-fast/, { realSeconds: 34, usdPerSecond: 0.03, words: 'completed-as=succeeded' }],
  [/seedance/, { realSeconds: 120, usdPerSecond: 0.06, words: '' }],
  [
    /^bytedance\/omnihuman|^klingai\/avatar/,
    { realSeconds: 240, usdPerSecond: 0.1, words: 'id-as=uuid-model usage-as=tokens' },
  ],
  [/^runway\/|^gen3a_turbo/, { realSeconds: 65, usdPerSecond: 0.06, words: 'id-as=uuid video-as=strings' }],
  [/kling/, { realSeconds: 180, usdPerSecond: 0.09, words: '' }],
  [/veo.*lite/, { realSeconds: 90, usdPerSecond: 0.08, words: '' }],
  [/veo/, { realSeconds: 100, usdPerSecond: 0.24, words: '' }],
  [/sora/, { realSeconds: 70, usdPerSecond: 0.15, words: '' }],
  [/^alibaba\/wan/, { realSeconds: 170, usdPerSecond: 0.08, words: '' }],
  [/^krea\//, { realSeconds: 12, usdPerSecond: 0.03, words: '' }],
];

const usualFamily: Family = { realSeconds: 100, usdPerSecond: 0.08, words: '' };

export function familyOf(model: string): Family {
  return families.find(([pattern]) => pattern.test(model))?.[1] ?? usualFamily;
}

/** Ids without a vendor in the provider's documentation; every other model id has a slash. */
const modelsWithoutVendor =
  /^(veo2|veo-3\.1-lite-generate-001|video-01(-live2d)?|gen3a_turbo|sora-2-(pro-)?(t2v|i2v))$/;

/** Whether the sandbox takes this for a video model: any `vendor/model`, since the real list changes weekly. */
export function isVideoModel(model: string): boolean {
  return /^[a-z0-9][\w.-]*(\/[\w.-]+){1,4}$/i.test(model) || modelsWithoutVendor.test(model);
}

const timesFasterThanReal = 20;

/** Short enough for a demo, long enough to be seen: a twentieth of the real time, three to eight seconds. */
export function demoSeconds(model: string): number {
  return Math.min(8, Math.max(3, familyOf(model).realSeconds / timesFasterThanReal));
}

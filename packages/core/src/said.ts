/** What stands in a sentence. */
export type Facts = Readonly<Record<string, string | number | null>>;

/**
 * What a text for operators was made from, for whoever tells it in another language: a stable code, and what stands in the
 * sentence. What the provider says itself has none: it is shown in its own words.
 */
export interface Said {
  readonly code: string;
  readonly facts: Facts;
}

export function said(code: string, facts: Facts = {}): Said {
  return { code, facts };
}

import type { SaidCode } from './said-codes.ts';

/** What stands in a sentence. */
export type Facts = Readonly<Record<string, string | number | null>>;

/**
 * What a text for operators was made from, for whoever tells it in another language: a stable code, and what stands in the
 * sentence. What the provider says itself has none: it is shown in its own words.
 *
 * A type and no interface, so that it is JSON as it is.
 */
export type Said = {
  /** One of `SaidCode`, or of a version that knows others. */
  readonly code: string;
  readonly facts: Facts;
};

/** A problem's code is that of the HTTP answers, which the contracts list. */
export function said(code: SaidCode | `problem_${string}`, facts: Facts = {}): Said {
  return { code, facts };
}

/** A text with what it was made from. */
export interface Remark {
  readonly text: string;
  readonly said: Said;
}

export function remark(text: string, code: SaidCode, facts: Facts = {}): Remark {
  return { text, said: said(code, facts) };
}

/** What was said, as a part of something else that is said. */
export function saidWithin(part: Said | null | undefined): Facts {
  return part == null ? {} : { ...part.facts, part: part.code };
}

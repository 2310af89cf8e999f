/** Something that is over. Nothing in it comes from users or from a body of the provider: ids, codes, names of models and hosts only. */
export interface Span {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | null;
  readonly name: string;
  readonly kind: 'internal' | 'server' | 'client';
  readonly beganAtMs: number;
  readonly endedAtMs: number;
  readonly attributes: SpanAttributes;
  /** A code or a status; null when it did not fail. */
  readonly error: string | null;
  readonly link?: SpanLink;
}

/** Null and undefined: not known. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A span of somebody else's trace. */
export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly flags: number;
}

export type TellSpan = (span: Span) => void;

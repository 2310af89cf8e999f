/** One complaint about one field of the request. */
export interface FieldIssue {
  readonly field: string;
  readonly message: string;
}

/** What the provider's error bodies have in common, whatever their shape. */
export interface Envelope {
  readonly statusCode: number | null;
  readonly requestId: string | null;
  readonly path: string | null;
  readonly timestamp: string | null;
  /** The most specific code; the others are in `codes`. */
  readonly kind: string | null;
  /** Everything that looks like a code and not like a sentence, most specific first. */
  readonly codes: readonly string[];
  readonly message: string | null;
  readonly issues: readonly FieldIssue[];
}

/**
 * Reads the recorded error envelopes: (a) `{requestId, statusCode, timestamp, path, message}`, (b) `{title, status,
 * message, instance, error: {name, message, data: {kind}}}`, (c) a bare `{name, message, data}`, and the `error` of a failed
 * generation: an object, a text, or fal.ai's `{detail: [{loc, msg, type}]}`. Anything else reads as nothing.
 */
export function readEnvelope(body: unknown): Envelope {
  const codes = codePaths.map((path) => codeAt(at(body, path))).filter((code) => code !== null);
  return {
    statusCode: numberAt(at(body, ['statusCode'])) ?? numberAt(at(body, ['status'])),
    requestId: textAt(at(body, ['requestId'])) ?? textAt(at(body, ['request_id'])),
    path: textAt(at(body, ['path'])) ?? textAt(at(body, ['instance']))?.replace(/\?$/, '') ?? null,
    timestamp: textAt(at(body, ['timestamp'])),
    kind: codes[0] ?? null,
    codes,
    message: firstOf(messagePaths.map((path) => sentenceAt(at(body, path), 3))),
    issues: firstOf(issuePaths.map((path) => issuesAt(at(body, path)))) ?? [],
  };
}

type Path = readonly (string | number)[];

const codePaths: readonly Path[] = [
  ['error', 'data', 'kind'],
  ['data', 'kind'],
  ['error', 'kind'],
  ['kind'],
  ['error', 'code'],
  ['code'],
  ['error', 'type'],
  ['error', 'detail', 0, 'type'],
  ['detail', 0, 'type'],
  ['error', 'name'],
  ['name'],
];
const messagePaths: readonly Path[] = [['message'], ['error'], ['detail'], ['title'], []];
const issuePaths: readonly Path[] = ['data', 'issues', 'errors', 'details', 'detail', 'message'].flatMap((key) => [
  [key],
  ['error', key],
]);

const issuesMax = 20;

function at(value: unknown, path: Path): unknown {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
}

const firstOf = <T>(candidates: readonly (T | null)[]): T | null =>
  candidates.find((candidate) => candidate !== null) ?? null;

const textAt = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value : null);

/** The older envelope's documentation shows its status as a text. */
function numberAt(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{3}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isInteger(number) && number >= 100 && number <= 599 ? number : null;
}

/** Codes are single words; a sentence in their place is not one. `Error` names nothing. */
function codeAt(value: unknown): string | null {
  return typeof value === 'string' && /^[\w.:/-]{2,80}$/.test(value) && value !== 'Error' ? value : null;
}

/** A text, or the texts inside a list or object, joined; arrays of complaints and nested messages were both recorded. */
function sentenceAt(value: unknown, depth: number): string | null {
  if (typeof value === 'string') return textAt(value);
  if (depth === 0 || typeof value !== 'object' || value === null) return null;
  if (Array.isArray(value)) {
    const parts = value.slice(0, issuesMax).map((item) => sentenceAt(item, depth - 1));
    return textAt(parts.filter((part) => part !== null).join('; '));
  }
  return firstOf(['message', 'msg', 'error', 'detail', 'reason'].map((key) => sentenceAt(at(value, [key]), depth - 1)));
}

/** zod's `{path, message}` and fal.ai's `{loc: ['body', …], msg}`. */
function issuesAt(value: unknown): readonly FieldIssue[] | null {
  if (!Array.isArray(value)) return null;
  const issues = value.slice(0, issuesMax).flatMap((item): FieldIssue[] => {
    const field = fieldAt(at(item, ['path'])) ?? fieldAt(at(item, ['loc'])) ?? textAt(at(item, ['field']));
    const message = sentenceAt(item, 2);
    return field === null || message === null ? [] : [{ field, message }];
  });
  return issues.length === 0 ? null : issues;
}

function fieldAt(value: unknown): string | null {
  if (!Array.isArray(value)) return textAt(value);
  const steps = value.filter((step) => typeof step === 'string' || typeof step === 'number');
  return textAt((steps[0] === 'body' ? steps.slice(1) : steps).join('.'));
}

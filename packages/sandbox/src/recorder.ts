/** The calls that can be scripted. */
export const callKinds = ['create', 'poll', 'download', 'billing', 'logs', 'key', 'models'] as const;
export type CallKind = (typeof callKinds)[number];

export interface RecordedRequest {
  /** `other` is an address the provider does not have. */
  readonly kind: CallKind | 'other';
  readonly atMs: number;
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  /** Lower-case names; `authorization` is left out. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the request authenticated with. */
  readonly credential: 'accepted' | 'other' | 'none';
  /** Parsed JSON with long strings shortened; null without a readable body. */
  readonly body: unknown;
}

export interface CreateCounts {
  /** Create requests that arrived, whatever they were answered. */
  readonly received: number;
  /** Those that became a generation: each would have cost money. */
  readonly accepted: number;
  readonly byClientRequestId: Readonly<Record<string, { readonly received: number; readonly accepted: number }>>;
}

export interface Recorder {
  record(request: RecordedRequest): void;
  countCreate(clientRequestId: string | null, what: 'received' | 'accepted'): void;
  requests(): readonly RecordedRequest[];
  creates(): CreateCounts;
  waitFor(predicate: (request: RecordedRequest) => boolean, timeoutMs: number): Promise<RecordedRequest>;
  clear(): void;
}

const requestsKept = 5_000;
const clientRequestIdsKept = 50_000;

/** Remembers what was asked of the sandbox: the newest requests, and a count of creates by client request id. */
export function createRecorder(): Recorder {
  let requests: RecordedRequest[] = [];
  let totals = { received: 0, accepted: 0 };
  const counts = new Map<string, { received: number; accepted: number }>();
  const watchers = new Set<(request: RecordedRequest) => void>();

  return {
    record(request) {
      requests.push(request);
      // Cut in halves, so that recording stays cheap.
      if (requests.length > requestsKept * 2) requests = requests.slice(-requestsKept);
      for (const watcher of watchers) watcher(request);
    },
    countCreate(clientRequestId, what) {
      totals[what] += 1;
      if (clientRequestId === null) return;
      const count = counts.get(clientRequestId) ?? { received: 0, accepted: 0 };
      count[what] += 1;
      counts.set(clientRequestId, count);
      if (counts.size > clientRequestIdsKept) forgetFirst(counts);
    },
    requests: () => requests.slice(-requestsKept),
    creates: () => ({ ...totals, byClientRequestId: Object.fromEntries(counts) }),
    waitFor(predicate, timeoutMs) {
      const seen = requests.find(predicate);
      if (seen) return Promise.resolve(seen);
      const { promise, resolve, reject } = Promise.withResolvers<RecordedRequest>();
      const watcher = (request: RecordedRequest): void => {
        if (predicate(request)) resolve(request);
      };
      const timer = setTimeout(() => reject(new Error(`no such request within ${timeoutMs} ms`)), timeoutMs);
      watchers.add(watcher);
      return promise.finally(() => {
        clearTimeout(timer);
        watchers.delete(watcher);
      });
    },
    clear() {
      requests = [];
      totals = { received: 0, accepted: 0 };
      counts.clear();
    },
  };
}

function forgetFirst(map: Map<string, unknown>): void {
  const [first] = map.keys();
  if (first !== undefined) map.delete(first);
}

const longestStringCharacters = 2_000;
const bodyCharactersKept = 20_000;
/** What a number, a key or a bracket counts. */
const nodeCharacters = 10;

/** A copy with long strings (Base64 images) shortened and the rest cut off beyond 20,000 characters. */
export function shortened(value: unknown, budget = { characters: bodyCharactersKept }): unknown {
  if (budget.characters <= 0) return '…';
  if (typeof value === 'string') {
    const kept =
      value.length <= longestStringCharacters ? value : `${value.slice(0, 100)}… (${value.length} characters)`;
    budget.characters -= kept.length;
    return kept;
  }
  budget.characters -= nodeCharacters;
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return untilSpent(value, budget).map((each) => shortened(each, budget));
  const entries = untilSpent(Object.entries(value), budget);
  return Object.fromEntries(entries.map(([key, each]) => [key.slice(0, 100), shortened(each, budget)]));
}

/** No more elements than the budget could hold. */
function untilSpent<Element>(
  elements: readonly Element[],
  budget: { readonly characters: number },
): readonly Element[] {
  return elements.slice(0, Math.max(1, Math.ceil(budget.characters / nodeCharacters)));
}

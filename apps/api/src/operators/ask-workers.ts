import type { ProviderEvidence } from '@video-proxy/core';
import type { Ledger, QuestionKind } from '@video-proxy/ledger';
import { z } from 'zod';

const said = z.object({ code: z.string(), facts: z.record(z.string(), z.union([z.string(), z.number(), z.null()])) });
const words = z.string().nullable();

const evidence: z.ZodType<ProviderEvidence> = z.object({
  name: z.enum(['aimlapi', 'sandbox']),
  statusCode: z.int().nullable(),
  requestId: words,
  path: words,
  timestamp: words,
  kind: words,
  message: words,
  said: said.nullish().transform((known) => known ?? null),
  clientRequestId: words,
});

const told = { fingerprint: words, said: said.nullish() };

/** What workers answer (`operator-questions.ts` there). */
export const probeAnswer = z.object({
  ...told,
  kind: z.enum(['ok', 'refused', 'unavailable', 'no_key']),
  askedAtMs: z.int(),
  tookMs: z.int(),
  balanceUsd: z.number().nullish(),
  evidence: evidence.nullish(),
  finding: words.optional(),
});

export const reloadAnswer = z.object({
  ...told,
  host: z.string(),
  source: z.enum(['environment', 'file', 'sandbox']),
  before: words,
  finding: words,
});

export type ProbeAnswer = z.output<typeof probeAnswer>;
export type ReloadAnswer = z.output<typeof reloadAnswer>;

/** A question, and the shape of its answers. */
interface Asked<Answer> {
  readonly kind: QuestionKind;
  readonly answer: z.ZodType<Answer>;
}

interface Patience {
  /** How many answers are enough. */
  readonly wanted: number;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Asks the workers, and waits until enough have answered or the time is up. What cannot be understood counts as no answer. */
export async function askWorkers<Answer>(
  { questions, changes }: Pick<Ledger, 'questions' | 'changes'>,
  { kind, answer }: Asked<Answer>,
  { wanted, timeoutMs, signal }: Patience,
): Promise<ReadonlyMap<string, Answer>> {
  const { promise: enough, resolve, reject } = Promise.withResolvers<void>();
  const { id } = await questions.ask(kind);
  const look = async () => {
    if ((await questions.answers(id)).size >= wanted) resolve();
  };
  // Subscribed first, then read: an answer in between is announced.
  const unsubscribe = changes.onAny(({ kind: changed }) => {
    if (changed === 'questions' || changed === 'look_again') look().catch(reject);
  });
  const timer = setTimeout(resolve, timeoutMs);
  signal.addEventListener('abort', () => resolve(), { once: true });
  try {
    await look();
    await enough;
    return understood(answer, await questions.answers(id));
  } finally {
    unsubscribe();
    clearTimeout(timer);
    await questions.withdraw(id);
  }
}

function understood<Answer>(
  shape: z.ZodType<Answer>,
  given: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, Answer> {
  const read = [...given].map(([worker, answer]) => [worker, shape.safeParse(answer)] as const);
  return new Map(read.flatMap(([worker, { success, data }]) => (success ? [[worker, data] as const] : [])));
}

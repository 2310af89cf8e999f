import { setTimeout as pause } from 'node:timers/promises';
import type { VideoJobWire } from '@video-proxy/contracts';
import { exchange, type Reply, type Request } from './http-exchange.ts';
import type { Oddity } from './oddities.ts';
import type { Dice } from './random.ts';

/** One video that somebody asks for, and what became of it. Written while the run goes on, judged when it is over. */
export interface Wish {
  readonly owner: Owner;
  readonly idempotencyKey: string;
  readonly oddity: Oddity;
  readonly startsAfterMs: number;
  readonly plans: {
    readonly asksTwice: boolean;
    readonly cancelsAfterMs: number | null;
    readonly retriesFailure: boolean;
  };
  /** Every id that a create of this wish was answered with: one, if all is well. */
  readonly ids: Set<string>;
  /** The job as it was seen last. */
  job: VideoJobWire | null;
  ended: boolean;
}

export interface Owner {
  readonly name: string;
  readonly key: string;
}

/** What all answers had to say, beside the jobs. */
export interface Answers {
  readonly byStatus: Map<number, number>;
  nothing: number;
  replays: number;
}

export interface Counter {
  readonly url: string;
  readonly answers: Answers;
  readonly dice: Dice;
  /** Nobody tries again any more: the run only waits for what cannot come. */
  readonly aging: AbortSignal;
  readonly over: AbortSignal;
}

/** Long enough for a wait to be cut off by a crash, short enough to notice the end of a run. */
const waitSeconds = 10;
const shortestPauseMs = 200;
const longestPauseMs = 1_000;

/** Asks for a video and follows it to its end, as a client does that takes 503 and a lost connection for "try again". */
export async function fulfil(wish: Wish, counter: Counter): Promise<void> {
  await pause(wish.startsAfterMs);
  const asking = wish.plans.asksTwice ? [ask(wish, counter), ask(wish, counter)] : [ask(wish, counter)];
  await Promise.all(asking);
  await Promise.all([cancelAsPlanned(wish, counter), follow(wish, counter)]);
  if (wish.plans.retriesFailure && wish.job?.status === 'failed' && !counter.aging.aborted) {
    await retry(wish, counter);
    await follow(wish, counter);
  }
}

async function ask(wish: Wish, counter: Counter): Promise<void> {
  const { oddity, idempotencyKey } = wish;
  const prompt = `${promptMark} ${oddity.words === '' ? '' : `[sandbox:${oddity.words}]`}`;
  const reply = await insist(counter, wish, {
    method: 'POST',
    path: '/v1/jobs',
    headers: { 'idempotency-key': idempotencyKey },
    body: { model: 'google/veo-3.1-t2v', prompt, parameters: { duration: 4 } },
  });
  if (reply?.status !== 202 || reply.job === null) return;
  if (reply.headers.get('idempotency-replayed') === 'true') counter.answers.replays += 1;
  wish.ids.add(reply.job.id);
  wish.job ??= reply.job;
}

/** Stands in every prompt, and in no log. */
export const promptMark = 'A paper kite above the harbour of Valparaiso';

async function follow(wish: Wish, counter: Counter): Promise<void> {
  wish.ended = false;
  while (wish.job !== null && !counter.over.aborted) {
    const path = `/v1/jobs/${wish.job.id}?wait_seconds=${waitSeconds}`;
    const reply = await insist(counter, wish, { method: 'GET', path });
    if (reply?.status !== 200 || reply.job === null) return;
    wish.job = reply.job;
    wish.ended = wish.job.status === 'completed' || wish.job.status === 'failed';
    if (wish.ended) return;
  }
}

async function cancelAsPlanned(wish: Wish, counter: Counter): Promise<void> {
  const { cancelsAfterMs } = wish.plans;
  if (cancelsAfterMs === null || wish.job === null) return;
  await pause(cancelsAfterMs);
  await insist(counter, wish, { method: 'POST', path: `/v1/jobs/${wish.job.id}/cancel` });
}

async function retry(wish: Wish, counter: Counter): Promise<void> {
  const path = `/v1/jobs/${wish.job?.id}/retry`;
  await insist(counter, wish, { method: 'POST', path, body: { confirm_cost: true } });
}

type Order = Pick<Request, 'method' | 'body'> & {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Repeats until there is an answer other than "not now". @returns null when the run is over before */
async function insist(
  { url, answers, dice, over }: Counter,
  { owner }: Wish,
  { path, headers, ...rest }: Order,
): Promise<Extract<Reply, { kind: 'answer' }> | null> {
  const authorization = { authorization: `Bearer ${owner.key}` };
  while (!over.aborted) {
    const reply = await exchange({ ...rest, url: `${url}${path}`, headers: { ...authorization, ...headers } });
    if (reply.kind === 'nothing') answers.nothing += 1;
    else {
      answers.byStatus.set(reply.status, (answers.byStatus.get(reply.status) ?? 0) + 1);
      if (reply.status !== 503) return reply;
    }
    await pause(dice.between(shortestPauseMs, longestPauseMs));
  }
  return null;
}

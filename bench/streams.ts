import { setTimeout as pause } from 'node:timers/promises';
import type { VideoJobEvent } from '@video-proxy/core';
import { type Ledger, openLedger } from '@video-proxy/ledger';
import { closeRedis, connectRedis } from '@video-proxy/redis';
import { median } from './load.ts';
import { clientKey, residentBytes, type Server, type Surroundings, startApi, startReaders } from './processes.ts';
import type { Measurement } from './results.ts';
import { inParallel, newJobBody } from './service-client.ts';
import { arrivalsOf, openStreams, type StreamRequest } from './stream-readers.ts';

/** So many chats, and as many streams of events. */
const pairs = 500;
const rounds = 3;
const settleMs = 3_000;
const lookEachMs = 100;

/** What a worker lets happen to a job, one after the other, and the phase that its streams tell then. */
const way: readonly { readonly event: VideoJobEvent; readonly phase: string }[] = [
  { event: { type: 'submit_started' }, phase: 'submitting' },
  { event: { type: 'submit_accepted', generationId: 'bench', usage: null }, phase: 'generating' },
  { event: { type: 'generation_succeeded', sourceUrl: 'https://cdn.aimlapi.com/bench.mp4' }, phase: 'storing' },
];

export async function measureStreams(surroundings: Surroundings): Promise<Measurement[]> {
  const jobsApart: Round[] = [];
  const oneJob: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    console.log(`${pairs} chats and ${pairs} event streams, round ${round} of ${rounds} …`);
    jobsApart.push(await measureRound(surroundings, (index) => `Boat number ${index} sails`));
    oneJob.push(await measureRound(surroundings, () => 'A boat sails'));
  }
  const streams = `${pairs} chats, ${pairs} event streams`;
  const memoryBytes = Math.max(...jobsApart.map((round) => round.memoryBytes));
  const arrivalMs = (of: readonly Round[]) => median(of.map((round) => round.arrivalMs));
  return [
    { what: `${streams}: API memory`, unit: 'bytes', ours: memoryBytes, target: { max: 150_000_000 } },
    { what: `${streams}: one event to all, p99`, unit: 'ms', ours: arrivalMs(oneJob), target: { max: 250 } },
    { what: `${streams}: ${pairs} jobs at once, p99`, unit: 'ms', ours: arrivalMs(jobsApart), target: { max: 250 } },
  ];
}

interface Round {
  readonly memoryBytes: number;
  readonly arrivalMs: number;
}

/** Chats that wait, and as many streams of events of the same jobs; then each job takes its way. Equal wishes are one job. */
async function measureRound(surroundings: Surroundings, wishOf: (index: number) => string): Promise<Round> {
  await surroundings.redis.flushall();
  await using opened = new AsyncDisposableStack();
  const ledger = openLedgerIn(surroundings, opened);
  const api = opened.use(await startApi(surroundings));
  await warmUp(api);
  const beforeBytes = await residentBytes(api.pid);

  const readers = opened.use(await startReaders());
  const memory = opened.use(watchMemory(api.pid));
  const wishes = Array.from({ length: pairs }, (_, index) => wishOf(index));
  const jobOfChat = await openStreams(readers, api.url, wishes.map(chatStream));
  await openStreams(readers, api.url, jobOfChat.map(eventStream));
  await pause(settleMs);
  const timesMs: number[] = [];
  for (const { event, phase } of way) {
    const writtenAtMs = await applyToAll(ledger, [...new Set(jobOfChat)], event);
    const arrivedAtMs = await arrivalsOf(readers, phase, 2 * pairs);
    for (const [stream, atMs] of arrivedAtMs) {
      timesMs.push(atMs - (writtenAtMs.get(jobOfChat[stream % pairs] ?? '') ?? Number.NaN));
    }
  }
  await pause(settleMs);
  return { memoryBytes: memory.peakBytes() - beforeBytes, arrivalMs: p99(timesMs) };
}

/** @returns when each write was sent to the ledger */
async function applyToAll(
  ledger: Ledger,
  jobIds: readonly string[],
  event: VideoJobEvent,
): Promise<ReadonlyMap<string, number>> {
  const sentAtMs = new Map<string, number>();
  await inParallel(jobIds, async (id) => {
    sentAtMs.set(id, Date.now());
    await ledger.jobs.apply(id, event, Date.now());
  });
  return sentAtMs;
}

const headers = { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' };

function chatStream(wish: string): StreamRequest {
  const { model, prompt } = JSON.parse(newJobBody()) as { model: string; prompt: string };
  const body = JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: `${wish}. ${prompt}` }] });
  const opening = '"reasoning_content":"(video_[0-9a-z]+)';
  return { method: 'POST', path: '/v1/chat/completions', headers, body, opening };
}

function eventStream(jobId: string): StreamRequest {
  return { method: 'GET', path: `/v1/jobs/${jobId}/events`, headers, opening: 'event: created\n' };
}

/** What a first stream of each kind costs is paid by any process that has served one. */
async function warmUp(api: Server): Promise<void> {
  await using readers = await startReaders();
  const [jobId = ''] = await openStreams(readers, api.url, [chatStream('A first boat')]);
  await openStreams(readers, api.url, [eventStream(jobId)]);
  await pause(settleMs);
}

/** The largest memory of a process from now on. */
function watchMemory(pid: number): AsyncDisposable & { peakBytes(): number } {
  const stop = new AbortController();
  let peakBytes = 0;
  const watching = (async () => {
    while (!stop.signal.aborted) {
      peakBytes = Math.max(peakBytes, await residentBytes(pid));
      await pause(lookEachMs);
    }
  })();
  return {
    peakBytes: () => peakBytes,
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
    },
  };
}

function openLedgerIn({ redisUrl }: Surroundings, opened: AsyncDisposableStack): Ledger {
  const connect = () => connectRedis(redisUrl, { role: 'blocking', onError: console.error });
  const connection = opened.adopt(connect(), (redis) => closeRedis(redis));
  return opened.use(openLedger({ redis: connection, subscriber: connect, namespace: 'vp' }));
}

function p99(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * 0.99)] ?? Number.NaN;
}

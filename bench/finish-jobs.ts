import type { StoredVideo, VideoJobEvent } from '@video-proxy/core';
import { openLedger } from '@video-proxy/ledger';
import { openSteps, serveSteps } from '@video-proxy/queue';
import { closeRedis, connectRedis } from '@video-proxy/redis';
import { call, newJobBody } from './service-client.ts';

const namespace = 'vp';
const waitMaxMs = 60_000;
const videoFacts = {
  contentType: 'video/mp4',
  sizeBytes: 12_345_678,
  sha256: 'c9cd1bd8bed53e68d4e4e844257855c3a6d33420e712486806bef40ed9f45aed',
  durationSeconds: 8,
  width: 1280,
  height: 720,
};

/** A completed job whose file is already on the storage. @returns its id */
export async function finishedJobWith(
  redisUrl: string,
  apiUrl: string,
  file: Pick<StoredVideo, 'storageKey' | 'sizeBytes'>,
): Promise<string> {
  const { id } = await call(`${apiUrl}/v1/jobs`, { method: 'POST', body: newJobBody() });
  const connect = () => connectRedis(redisUrl, { role: 'blocking', onError: console.error });
  await using opened = new AsyncDisposableStack();
  const connection = opened.adopt(connect(), (redis) => closeRedis(redis));
  const { jobs } = opened.use(openLedger({ redis: connection, subscriber: connect, namespace }));
  const video = { ...videoFacts, ...file };
  const events: VideoJobEvent[] = [
    { type: 'submit_started' },
    { type: 'submit_accepted', generationId: 'bench', usage: null },
    { type: 'generation_succeeded', sourceUrl: 'https://cdn.aimlapi.com/bench.mp4' },
    { type: 'artifact_stored', video },
  ];
  for (const event of events) await jobs.apply(id, event, Date.now());
  return id;
}

/**
 * Completes jobs that are being generated, with the same writes and steps as a worker. Only the downloads are left out:
 * thousands of files would take minutes and leave nothing in Redis.
 */
export async function finishJobs(redisUrl: string, count: number): Promise<void> {
  const connect = () => connectRedis(redisUrl, { role: 'blocking', onError: console.error });
  await using opened = new AsyncDisposableStack();
  const connection = opened.adopt(connect(), (redis) => closeRedis(redis));
  const ledger = opened.use(openLedger({ redis: connection, subscriber: connect, namespace }));
  const steps = opened.use(openSteps({ connection, namespace, onError: console.error }));
  const allDone = Promise.withResolvers<void>();
  let completed = 0;

  opened.use(
    serveSteps({
      connection,
      namespace,
      concurrency: { submit: 1, poll: 50, store: 50, notify: 1 },
      onError: console.error,
      handlers: {
        submit: async () => ({ kind: 'done' }),
        notify: async () => ({ kind: 'done' }),
        async poll({ jobId, attempt }) {
          const sourceUrl = `https://cdn.aimlapi.com/generations/fox/1764943590000-${jobId}.mp4`;
          // As long as those of the provider, and another one for each.
          const providerRequestId = jobId.slice(-21);
          await ledger.jobs.apply(jobId, { type: 'generation_succeeded', sourceUrl, providerRequestId }, Date.now());
          await steps.add('store', { jobId, attempt });
          return { kind: 'done' };
        },
        async store({ jobId }) {
          const video = { ...videoFacts, storageKey: `${jobId}.mp4` };
          await ledger.jobs.apply(jobId, { type: 'artifact_stored', video }, Date.now());
          completed += 1;
          if (completed === count) allDone.resolve();
          return { kind: 'done' };
        },
      },
    }),
  );
  const timer = setTimeout(() => allDone.reject(new Error(`only ${completed} jobs were completed`)), waitMaxMs);
  await allDone.promise.finally(() => clearTimeout(timer));
}

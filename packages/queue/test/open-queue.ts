import type { JobStepName } from '@video-proxy/contracts';
import {
  openSteps,
  type ServeOptions,
  type StepHandler,
  type StepHandlers,
  type Steps,
  serveSteps,
} from '@video-proxy/queue';
import { closeRedis, connectRedis, type RedisConnection, type RedisRole, untilReady } from '@video-proxy/redis';
import { testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { onTestFinished } from 'vitest';

export type Payload = Parameters<StepHandlers['poll']>[0];
export type Step = StepHandler<Payload>;

let made = 0;

/** A payload that no other test has. */
export function payload(attempt = 1): Payload {
  made += 1;
  return { jobId: `video_01m8477farmneqdht34${String(made).padStart(7, '0')}`, attempt };
}

export const done = { kind: 'done' } as const;

interface Place {
  readonly url?: string;
  readonly namespace?: string;
}

export interface OpenedQueue {
  readonly steps: Steps;
  readonly redis: RedisConnection;
  readonly namespace: string;
}

/** The adding side, closed with the test. */
export async function openTestSteps({
  url = testRedisUrl(),
  namespace = testNamespace(),
}: Place = {}): Promise<OpenedQueue> {
  const redis = connect(url, 'request');
  const steps = openSteps({ connection: redis, namespace, onError: () => {} });
  onTestFinished(() => steps.close());
  await untilReady(redis, 5_000);
  return { steps, redis, namespace };
}

/** The serving side: every step that has no handler in the test is done at once. */
export function serve(
  namespace: string,
  handlers: Partial<Record<JobStepName, Step>>,
  known: { url?: string; concurrency?: number } = {},
) {
  const { url = testRedisUrl(), concurrency = 5 } = known;
  const errors: Error[] = [];
  const failed: Parameters<ServeOptions['onError']>[1][] = [];
  const serving = serveSteps({
    connection: connect(url, 'blocking'),
    namespace,
    handlers: {
      submit: async () => done,
      poll: async () => done,
      store: async () => done,
      notify: async () => done,
      ...handlers,
    },
    concurrency: { submit: concurrency, poll: concurrency, store: concurrency, notify: concurrency },
    onError(error, about) {
      errors.push(error);
      failed.push(about);
    },
  });
  onTestFinished(() => serving.close(2_000));
  return { serving, errors, failed };
}

function connect(url: string, role: RedisRole): RedisConnection {
  const redis = connectRedis(url, { role, onError: () => {} });
  onTestFinished(() => closeRedis(redis));
  return redis;
}

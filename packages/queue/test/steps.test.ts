import { isRedisUnavailable } from '@video-proxy/redis';
import { startTcpProxy, testNamespace, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { done, openTestSteps, type Payload, payload, serve } from './open-queue.ts';

describe('a step that is added again', () => {
  test('while it waits runs once', async () => {
    const { steps, namespace } = await openTestSteps();
    const step = payload();
    await Promise.all(Array.from({ length: 10 }, () => steps.add('submit', step)));
    await steps.addMany('submit', [step, step]);
    await steps.add('submit', step, { delayMs: 10 });
    const ran: Payload[] = [];
    serve(namespace, {
      submit: async (given) => {
        ran.push(given);
        return done;
      },
    });
    const last = payload();
    await steps.add('submit', last);
    await expect.poll(() => ran).toEqual([step, last]);
  });

  test('while it runs is swallowed, and can be added once it has ended', async () => {
    const { steps, namespace } = await openTestSteps();
    const step = payload();
    let runs = 0;
    const first = Promise.withResolvers<void>();
    serve(namespace, {
      store: async () => {
        runs += 1;
        if (runs === 1) await first.promise;
        return done;
      },
    });
    await steps.add('store', step);
    await expect.poll(() => runs).toBe(1);
    await steps.add('store', step);
    first.resolve();
    await expect.poll(async () => (await steps.counts()).store).toEqual({ waiting: 0, active: 0, delayed: 0 });
    expect(runs).toBe(1);
    await steps.add('store', step);
    await expect.poll(() => runs).toBe(2);
  });

  test('for another attempt is another step', async () => {
    const { steps } = await openTestSteps();
    const step = payload();
    await steps.addMany('submit', [step, { ...step, attempt: 2 }, { ...step, attempt: 3 }]);
    expect((await steps.counts()).submit.waiting).toBe(3);
  });
});

test('the steps of a job are found with their state, when they are due, and the trouble they met', async () => {
  const { steps } = await openTestSteps();
  const step = payload();
  expect(await steps.find(step)).toEqual([]);
  const dueMs = Date.now() + 60_000;
  await steps.add('submit', step);
  await steps.add('poll', { ...step, trouble: { kind: 'unavailable', count: 2 } }, { delayMs: 60_000 });
  await steps.add('store', { ...step, attempt: 2 });
  const found = await steps.find(step);
  expect(found).toMatchObject([
    { step: 'submit', state: 'waiting', dueMs: null, trouble: null },
    { step: 'poll', state: 'delayed', trouble: { kind: 'unavailable', count: 2 } },
  ]);
  expect(Math.abs((found[1]?.dueMs ?? 0) - dueMs)).toBeLessThan(30_000);
});

test('the step of a delivery is found with when it is due', async () => {
  const { steps } = await openTestSteps();
  const delivery = { deliveryId: 'evt_1' };
  expect(await steps.find(delivery)).toEqual([]);
  await steps.add('notify', delivery, { delayMs: 60_000 });
  await steps.add('notify', { deliveryId: 'evt_2' });
  const found = await steps.find(delivery);
  expect(found).toMatchObject([{ step: 'notify', state: 'delayed', trouble: null }]);
  expect(found[0]?.dueMs).toBeGreaterThan(Date.now());
});

describe('a step that is hastened', () => {
  test('does not wait for its time any longer', async () => {
    const { steps, namespace } = await openTestSteps();
    const step = payload();
    await steps.add('poll', step, { delayMs: 3_600_000 });
    const ran: Payload[] = [];
    serve(namespace, {
      poll: async (given) => {
        ran.push(given);
        return done;
      },
    });
    await Promise.all(Array.from({ length: 5 }, () => steps.hasten('poll', step)));
    await expect.poll(() => ran).toEqual([step]);
    expect((await steps.counts()).poll.delayed).toBe(0);
  });

  test('is added when it is not there', async () => {
    const { steps } = await openTestSteps();
    await steps.hasten('poll', payload());
    expect((await steps.counts()).poll).toEqual({ waiting: 1, active: 0, delayed: 0 });
  });
});

test('many who wake at once share a step that is added after they asked', async () => {
  const { steps } = await openTestSteps();
  await Promise.all(Array.from({ length: 50 }, () => steps.wake('submit', payload())));
  expect(await steps.waiting('submit')).toBe(1);
  await steps.wake('submit', payload());
  expect(await steps.waiting('submit')).toBe(2);
});

test('steps are counted by what they are doing', async () => {
  const { steps, namespace } = await openTestSteps();
  await steps.addMany('submit', [payload(), payload(), payload()]);
  await steps.add('poll', payload(), { delayMs: 60_000 });
  await steps.addMany('poll', []);
  const { promise, resolve } = Promise.withResolvers<void>();
  serve(
    namespace,
    {
      submit: async () => {
        await promise;
        return done;
      },
    },
    { concurrency: 2 },
  );
  await expect
    .poll(() => steps.counts())
    .toEqual({
      submit: { waiting: 1, active: 2, delayed: 0 },
      poll: { waiting: 0, active: 0, delayed: 1 },
      store: { waiting: 0, active: 0, delayed: 0 },
      notify: { waiting: 0, active: 0, delayed: 0 },
    });
  resolve();
});

test('a delayed step runs when its time has come, and not before', async () => {
  const { steps, namespace } = await openTestSteps();
  const ran: number[] = [];
  serve(namespace, {
    poll: async () => {
      ran.push(Date.now());
      return done;
    },
  });
  const addedAtMs = Date.now();
  await steps.add('poll', payload(), { delayMs: 300 });
  await expect.poll(() => ran, { timeout: 3_000 }).toHaveLength(1);
  expect(ran[0]).toBeGreaterThanOrEqual(addedAtMs + 300);
});

test.each([{}, { delayMs: 2_150 }])('a step is stored in compact form with %j, and holds ids only', async (options) => {
  const { steps, redis, namespace } = await openTestSteps();
  const step = payload();
  await steps.add('poll', step, options);
  const key = `{${namespace}}:poll:${step.jobId.slice('video_'.length)}`;
  expect(await redis.object('ENCODING', key)).toMatch(/^(listpack|ziplist)$/);
  expect(JSON.parse((await redis.hget(key, 'data')) ?? '')).toEqual(step);
});

test('a thousand steps that came and went leave next to nothing', async () => {
  const { steps, redis, namespace } = await openTestSteps();
  serve(namespace, {}, { concurrency: 50 });
  const keys = async () => (await redis.keys(`{${namespace}}:submit:*`)).sort();
  const idle = { waiting: 0, active: 0, delayed: 0 };
  await steps.addMany(
    'submit',
    Array.from({ length: 1_000 }, () => payload()),
  );
  await expect.poll(async () => (await steps.counts()).submit, { timeout: 10_000 }).toEqual(idle);
  expect((await keys()).length).toBeLessThan(10);
  expect(await redis.xlen(`{${namespace}}:submit:events`)).toBeLessThan(1_000);
});

describe('while Redis is away', () => {
  test('adding a step fails within two seconds, and works again when it is back', async () => {
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const { steps } = await openTestSteps({ url: proxy.url });
    await steps.add('submit', payload());
    proxy.pause();
    const startedMs = performance.now();
    const error = await steps.add('submit', payload()).catch((reason: unknown) => reason);
    expect(isRedisUnavailable(error)).toBe(true);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
    await proxy.resume();
    await expect.poll(() => steps.add('submit', payload()).then(() => 'added', String)).toBe('added');
  });

  test('a first use that fails does not spoil the next', async () => {
    const namespace = testNamespace();
    await using proxy = await startTcpProxy({ target: testRedisUrl() });
    const { steps } = await openTestSteps({ url: proxy.url, namespace });
    proxy.pause();
    await expect(steps.add('submit', payload())).rejects.toThrow();
    await proxy.resume();
    await expect.poll(() => steps.add('submit', payload()).then(() => 'added', String)).toBe('added');
  });
});

test('the first step that waits for its time says when it is due, also when nobody takes it', async () => {
  const { steps } = await openTestSteps();
  expect(await steps.firstDueMs('poll')).toBeNull();
  const beforeMs = Date.now();
  await steps.add('poll', payload(), { delayMs: 60_000 });
  await steps.add('poll', payload(), { delayMs: 20_000 });
  await steps.add('poll', payload());
  const dueMs = await steps.firstDueMs('poll');
  expect(dueMs).toBeGreaterThanOrEqual(beforeMs + 20_000);
  expect(dueMs).toBeLessThanOrEqual(Date.now() + 20_000);
});

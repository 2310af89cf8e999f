import type { StepName } from '@video-proxy/contracts';
import type { StepHandlers } from '@video-proxy/queue';
import { startTcpProxy, testRedisUrl } from '@video-proxy/testkit';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { done, openTestSteps, type Payload, payload, type Step, serve } from './open-queue.ts';

test('a step without a handler does not compile', () => {
  expectTypeOf<keyof StepHandlers>().toEqualTypeOf<StepName>();
  expectTypeOf<Omit<StepHandlers, 'store'>>().not.toExtend<StepHandlers>();
});

describe('a step that snoozes', () => {
  test('holds no slot: others run meanwhile', async () => {
    const { steps, namespace } = await openTestSteps();
    const [first, second] = [payload(), payload()];
    const ran: string[] = [];
    const poll: Step = async ({ jobId }) => {
      ran.push(jobId);
      const isNew = ran.filter((id) => id === jobId).length === 1;
      return jobId === first.jobId && isNew ? { kind: 'snooze', delayMs: 200 } : done;
    };
    await steps.addMany('poll', [first, second]);
    serve(namespace, { poll }, { concurrency: 1 });
    await expect.poll(() => ran, { timeout: 3_000 }).toEqual([first.jobId, second.jobId, first.jobId]);
  });

  test('may do so as often as it likes', async () => {
    const { steps, namespace } = await openTestSteps();
    let runs = 0;
    const { errors } = serve(namespace, {
      poll: async () => {
        runs += 1;
        return runs < 30 ? { kind: 'snooze', delayMs: 1 } : done;
      },
    });
    await steps.add('poll', payload());
    await expect.poll(() => runs, { timeout: 5_000 }).toBe(30);
    expect(errors).toEqual([]);
  });

  test('finds its trouble again, until it says that there is none', async () => {
    const { steps, namespace } = await openTestSteps();
    const seen: Payload['trouble'][] = [];
    const poll: Step = async ({ trouble }) => {
      seen.push(trouble);
      const count = (trouble?.count ?? 0) + 1;
      if (seen.length < 3) return { kind: 'snooze', delayMs: 1, trouble: { kind: 'away', count } };
      return seen.length < 5 ? { kind: 'snooze', delayMs: 1 } : done;
    };
    serve(namespace, { poll });
    await steps.add('poll', payload());
    const trouble = (count: number) => ({ kind: 'away', count });
    await expect.poll(() => seen).toEqual([undefined, trouble(1), trouble(2), undefined, undefined]);
  });
});

test('no more steps run at the same time than were asked for, each kind for itself', async () => {
  const { steps, namespace } = await openTestSteps();
  const most = { poll: 0, store: 0 };
  const now = { poll: 0, store: 0 };
  const count = (step: 'poll' | 'store'): Step => {
    return async () => {
      now[step] += 1;
      most[step] = Math.max(most[step], now[step]);
      await steps.counts();
      now[step] -= 1;
      return done;
    };
  };
  for (const step of ['poll', 'store'] as const)
    await steps.addMany(
      step,
      Array.from({ length: 20 }, () => payload()),
    );
  serve(namespace, { poll: count('poll'), store: count('store') }, { concurrency: 3 });
  await expect.poll(async () => (await steps.counts()).store.waiting + (await steps.counts()).poll.waiting).toBe(0);
  expect(most).toEqual({ poll: 3, store: 3 });
});

describe('a handler that throws', () => {
  test('is reported with the job its step is about, and a turn without one', async () => {
    const { steps, namespace } = await openTestSteps();
    const broken: Step = async () => {
      throw new Error('unforeseen');
    };
    const { failed } = serve(namespace, { submit: broken, store: broken });
    const step = payload(2);
    await steps.add('store', step);
    await expect.poll(() => failed[0]).toEqual({ step: 'store', ...step });
    await steps.add('submit', payload());
    await expect.poll(() => failed).toContainEqual({ step: 'submit' });
  });

  test('is reported, and its step is tried again after a pause', async () => {
    const { steps, namespace } = await openTestSteps();
    const ranAtMs: number[] = [];
    const { errors } = serve(namespace, {
      submit: async () => {
        ranAtMs.push(Date.now());
        if (ranAtMs.length === 1) throw new Error('unforeseen');
        return done;
      },
    });
    await steps.add('submit', payload());
    await expect.poll(() => ranAtMs.length, { timeout: 5_000 }).toBe(2);
    expect(errors.map(({ message }) => message)).toEqual(['unforeseen']);
    expect((ranAtMs[1] ?? 0) - (ranAtMs[0] ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  test('five times has its step dropped without a trace', async () => {
    const { steps, redis, namespace } = await openTestSteps();
    const step = payload();
    await steps.add('submit', step);
    // Four tries were made already.
    await redis.hset(`{${namespace}}:submit:${step.jobId.slice('video_'.length)}`, 'atm', 4);
    const { errors } = serve(namespace, {
      submit: async () => {
        throw new Error('unforeseen');
      },
    });
    await expect.poll(() => errors.length).toBe(1);
    const idle = { waiting: 0, active: 0, delayed: 0 };
    await expect.poll(async () => (await steps.counts()).submit).toEqual(idle);
    expect(await redis.keys(`{${namespace}}:submit:${step.jobId.slice('video_'.length)}*`)).toEqual([]);
  });
});

test('a step with a payload that nobody can read is reported and dropped', async () => {
  const { steps, redis, namespace } = await openTestSteps();
  const step = payload();
  await steps.add('submit', step);
  await redis.hset(`{${namespace}}:submit:${step.jobId.slice('video_'.length)}`, 'data', '{"jobId":7}');
  let runs = 0;
  const { errors } = serve(namespace, {
    submit: async () => {
      runs += 1;
      return done;
    },
  });
  await expect.poll(() => errors.map(({ message }) => message)).toEqual([expect.stringMatching(/unreadable payload/)]);
  expect(runs).toBe(0);
  await expect.poll(async () => (await steps.counts()).submit).toEqual({ waiting: 0, active: 0, delayed: 0 });
});

test('a kind of step that is paused waits until it is resumed, while the others go on', async () => {
  const { steps, namespace } = await openTestSteps();
  const ran: string[] = [];
  const note = (step: string): Step => {
    return async () => {
      ran.push(step);
      return done;
    };
  };
  const { serving } = serve(namespace, { submit: note('submit'), poll: note('poll') });
  await serving.pause('submit');
  await serving.pause('submit');
  // BullMQ's worker may take the one step that it was already asking for when it was paused.
  await steps.add('submit', payload());
  await steps.addMany('submit', [payload(), payload()]);
  await steps.add('poll', payload());
  await expect.poll(() => ran).toContain('poll');
  expect(ran.filter((step) => step === 'submit').length).toBeLessThanOrEqual(1);
  await serving.resume('submit');
  await serving.resume('submit');
  await expect.poll(() => ran.filter((step) => step === 'submit')).toHaveLength(3);
});

test('serving goes on by itself after Redis was away', async () => {
  await using proxy = await startTcpProxy({ target: testRedisUrl() });
  const { steps, namespace } = await openTestSteps();
  const ran: string[] = [];
  serve(
    namespace,
    {
      submit: async ({ jobId }) => {
        ran.push(jobId);
        return done;
      },
    },
    { url: proxy.url },
  );
  const [first, second] = [payload(), payload()];
  await steps.add('submit', first);
  await expect.poll(() => ran).toEqual([first.jobId]);
  await proxy.cut();
  await steps.add('submit', second);
  await proxy.resume();
  await expect.poll(() => ran, { timeout: 10_000 }).toEqual([first.jobId, second.jobId]);
});

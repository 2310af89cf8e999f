import { describe, expect, test } from 'vitest';
import { done, openTestSteps, payload, serve } from './open-queue.ts';

describe('closing', () => {
  test('waits for the steps in hand and takes no more', async () => {
    const { steps, namespace } = await openTestSteps();
    const { promise, resolve } = Promise.withResolvers<void>();
    let ended = 0;
    const { serving } = serve(
      namespace,
      {
        store: async () => {
          await promise;
          ended += 1;
          return done;
        },
      },
      { concurrency: 1 },
    );
    await steps.addMany('store', [payload(), payload()]);
    await expect.poll(() => serving.inHand()).toEqual({ submit: 0, poll: 0, store: 1, notify: 0 });
    const closed = serving.close(10_000);
    resolve();
    await closed;
    expect(ended).toBe(1);
    expect(serving.running()).toBe(0);
    expect((await steps.counts()).store).toEqual({ waiting: 1, active: 0, delayed: 0 });
  });

  test('aborts what takes too long, and another process has the step at once, trouble included', async () => {
    const { steps, namespace } = await openTestSteps();
    const trouble = { kind: 'away', count: 2 };
    const slow = serve(namespace, {
      store: async (_step, { signal }) => {
        await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        return done;
      },
    });
    await steps.add('store', { ...payload(), trouble });
    await expect.poll(() => slow.serving.running()).toBe(1);
    const startedMs = performance.now();
    await slow.serving.close(1_000);
    expect(performance.now() - startedMs).toBeLessThan(1_500);
    expect(slow.errors).toEqual([]);
    const taken: unknown[] = [];
    serve(namespace, {
      store: async (step) => {
        taken.push(step.trouble);
        return done;
      },
    });
    await expect.poll(() => taken, { timeout: 2_000 }).toEqual([trouble]);
  });

  test('ends in time even when a step does not listen', async () => {
    const { steps, namespace } = await openTestSteps();
    const { promise, resolve } = Promise.withResolvers<void>();
    const { serving } = serve(namespace, {
      store: async () => {
        await promise;
        return done;
      },
    });
    await steps.add('store', payload());
    await expect.poll(() => serving.running()).toBe(1);
    const startedMs = performance.now();
    await serving.close(300);
    expect(performance.now() - startedMs).toBeLessThan(1_000);
    expect(serving.running()).toBe(1);
    resolve();
    await expect.poll(() => serving.running()).toBe(0);
  });

  test('is quick when nothing runs', async () => {
    const { steps, namespace } = await openTestSteps();
    await steps.counts();
    const { serving } = serve(namespace, {});
    const startedMs = performance.now();
    await serving.close(10_000);
    expect(performance.now() - startedMs).toBeLessThan(2_000);
  });
});

import { describe, expect, test } from 'vitest';
import { done, openTestSteps, type Payload, payload, serve } from './open-queue.ts';

const payloads = (count: number) => Array.from({ length: count }, () => payload());

async function* slices(...given: readonly Payload[][]) {
  yield* given;
}

type Opened = Awaited<ReturnType<typeof openTestSteps>>;

async function missing({ steps }: Opened, ...given: readonly Payload[][]): Promise<Payload[]> {
  const found: Payload[] = [];
  for await (const slice of steps.missing('poll', slices(...given))) found.push(...slice);
  return found;
}

const keyOf = ({ namespace }: Opened, name: string) => `{${namespace}}:poll:${name}`;

describe('missing steps', () => {
  test('are those that are in no list, whichever others wait or are delayed', async () => {
    const opened = await openTestSteps();
    const [waiting, delayed, absent] = [payloads(3), payloads(2), payloads(2)];
    await opened.steps.addMany('poll', waiting);
    for (const step of delayed) await opened.steps.add('poll', step, { delayMs: 60_000 });
    expect(await missing(opened, [...waiting, ...absent.slice(0, 1)], [...absent.slice(1), ...delayed])).toEqual(
      absent,
    );
  });

  test('are told apart by their attempt', async () => {
    const opened = await openTestSteps();
    const step = payload(2);
    await opened.steps.add('poll', step);
    const first = { ...step, attempt: 1 };
    expect(await missing(opened, [first, step])).toEqual([first]);
  });

  test('do not include one that runs', async () => {
    const opened = await openTestSteps();
    const step = payload();
    const { promise: isRunning, resolve: runs } = Promise.withResolvers<void>();
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    serve(opened.namespace, {
      poll: async () => {
        runs();
        await mayEnd;
        return done;
      },
    });
    await opened.steps.add('poll', step);
    await isRunning;
    expect(await missing(opened, [step])).toEqual([]);
    end();
    await expect.poll(() => missing(opened, [step])).toEqual([step]);
  });

  test('are found among thousands of all kinds', async () => {
    const opened = await openTestSteps();
    const all = payloads(2_500);
    await opened.steps.addMany(
      'poll',
      all.filter((_, index) => index % 7 !== 0),
    );
    expect(await missing(opened, all.slice(0, 1_600), all.slice(1_600))).toEqual(
      all.filter((_, index) => index % 7 === 0),
    );
  });

  test.each([
    ['wait', undefined],
    ['delayed', { delayMs: 60_000 }],
  ])('include those whose list "%s" was deleted, which can then be added again', async (list, options) => {
    const opened = await openTestSteps();
    const { steps, redis } = opened;
    const [one, other] = [payload(), payload()];
    await steps.add('poll', one, options);
    await steps.add('poll', other, options);
    await redis.del(keyOf(opened, list));
    expect(await missing(opened, [one, other])).toEqual([one, other]);
    await steps.addMany('poll', [one, other]);
    expect((await steps.counts()).poll.waiting).toBe(2);
    expect(await missing(opened, [one, other])).toEqual([]);
  });

  test('do not include one in no list as long as somebody carries it out', async () => {
    const opened = await openTestSteps();
    const step = payload();
    await opened.steps.add('poll', step);
    const id = step.jobId.slice('video_'.length);
    await opened.redis.del(keyOf(opened, 'wait'));
    await opened.redis.set(keyOf(opened, `${id}:lock`), 'a worker');
    expect(await missing(opened, [step])).toEqual([]);
    await opened.redis.del(keyOf(opened, `${id}:lock`));
    expect(await missing(opened, [step])).toEqual([step]);
  });
});

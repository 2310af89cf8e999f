import { modelFinding } from '@video-proxy/core';
import { testNamespace } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { type RunningWorker, startWorker } from './running-worker.ts';

/** Five seconds of each, as the sandbox charges them. */
const dear = { model: 'google/veo-3.1-t2v', usd: 1.2 };
const middling = { model: 'klingai/video-v3-pro-text-to-video', usd: 0.45 };
const cheap = { model: 'krea/krea-wan-14b/text-to-video', usd: 0.15 };

async function poorWorker(balanceUsd: number): Promise<RunningWorker> {
  const worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 8_000 });
  // Once the account is known to be good, so that the first job is not a trial.
  await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
  worker.sandbox.control.setBalanceUsd(balanceUsd);
  return worker;
}

const refused = { state: 'failed', failure: { code: 'provider_out_of_credits', billed: 'no' } };
const completed = { state: 'completed' };

async function end(worker: RunningWorker, model: string) {
  return (await worker.ended(await worker.submit('a kite', model))).lifecycle;
}

describe('a refusal for want of credits', { timeout: 60_000 }, () => {
  test('proves the key, holds the jobs of that model until the balance has risen, and lets others go on', async () => {
    await using worker = await poorWorker(1);
    expect(await end(worker, dear.model)).toMatchObject(refused);
    const holds = await worker.ledger.holds.read();
    expect([...holds.models.keys()]).toEqual([dear.model]);
    expect(modelFinding(holds)).toBe(
      `the key is valid, the account has too few credits for ${dear.model} (balance 1.00 USD)`,
    );
    expect(await worker.ledger.credential.read()).toMatchObject({ state: 'ok', evidence: { statusCode: 403 } });

    const waiting = await worker.submit('a kite', dear.model);
    expect(await end(worker, cheap.model)).toMatchObject(completed);
    expect((await worker.ledger.jobs.get(waiting.id))?.lifecycle.state).toBe('queued');
    worker.sandbox.control.setBalanceUsd(50);
    expect((await worker.ended(waiting)).lifecycle).toMatchObject(completed);
    expect((await worker.ledger.holds.read()).models.size).toBe(0);
  });

  test('holds everything when a second model is refused too', async () => {
    await using worker = await poorWorker(0.2);
    expect(await end(worker, dear.model)).toMatchObject(refused);
    expect(await end(worker, middling.model)).toMatchObject(refused);
    expect(await worker.ledger.credential.read()).toMatchObject({
      state: 'out_of_credits',
      finding: expect.stringMatching(/the key is valid.*klingai.* and google.*balance 0\.20 USD/),
    });
    const waiting = [await worker.submit('a kite', cheap.model), await worker.submit('a kite', dear.model)];
    worker.sandbox.control.setBalanceUsd(50);
    for (const job of waiting) expect((await worker.ended(job)).lifecycle).toMatchObject(completed);
  });

  test('holds everything when the balance is nothing', async () => {
    await using worker = await poorWorker(0);
    expect(await end(worker, cheap.model)).toMatchObject(refused);
    expect(await worker.ledger.credential.read()).toMatchObject({
      state: 'out_of_credits',
      finding: expect.stringContaining('the balance is 0 USD'),
    });
  });

  test('goes on saying what is left while probes find the same', async () => {
    await using worker = await startWorker({ namespace: testNamespace(), probeIntervalMs: 300 });
    const { control } = worker.sandbox;
    await expect.poll(() => worker.ledger.credential.read()).toMatchObject({ state: 'ok' });
    control.setBalanceUsd(0);
    expect(await end(worker, cheap.model)).toMatchObject(refused);
    const probes = () => control.requests().filter(({ kind }) => kind === 'billing').length;
    const before = probes();
    await expect.poll(probes).toBeGreaterThan(before + 2);
    expect(await worker.ledger.credential.read()).toMatchObject({
      state: 'out_of_credits',
      finding: 'the balance is 0 USD',
    });
  });

  test('holds the models that are known to be dearer, and not the cheaper ones', async () => {
    await using worker = await poorWorker(0.4);
    for (const { model, usd } of [dear, middling, cheap]) await worker.ledger.holds.notePrice(model, usd);
    expect(await end(worker, middling.model)).toMatchObject(refused);
    const waiting = await worker.submit('a kite', dear.model);
    expect(await end(worker, cheap.model)).toMatchObject(completed);
    expect((await worker.ledger.jobs.get(waiting.id))?.lifecycle.state).toBe('queued');
    worker.sandbox.control.setBalanceUsd(50);
    expect((await worker.ended(waiting)).lifecycle).toMatchObject(completed);
    // A dearer one was accepted: the cheaper one can be paid for as well.
    expect((await worker.ledger.holds.read()).models.size).toBe(0);
  });

  test('prices are what the provider has told for earlier jobs', async () => {
    await using worker = await poorWorker(1);
    expect(await end(worker, cheap.model)).toMatchObject(completed);
    await worker.ledger.holds.change(`model:${dear.model}`, () => ({
      code: 'provider_out_of_credits',
      message: 'too few credits',
      sinceMs: 1,
      untilMs: 1,
      evidence: null,
      tries: 1,
      refusedAtMs: 1,
      balanceUsd: null,
      doubted: false,
    }));
    const { prices } = await worker.ledger.holds.read();
    expect([...prices]).toEqual([[cheap.model, { lowUsd: cheap.usd, highUsd: cheap.usd }]]);
  });

  test('a job that a held model keeps waiting too long fails with the words of the provider', async () => {
    await using worker = await startWorker({
      namespace: testNamespace(),
      limits: { holdMaxMs: 1_000 },
      sandbox: { startingBalanceUsd: 1 },
    });
    expect(await end(worker, dear.model)).toMatchObject(refused);
    expect(await end(worker, dear.model)).toMatchObject({
      state: 'failed',
      failure: { code: 'hold_expired', billed: 'no', evidence: { statusCode: 403, kind: 'err_insufficent_credits' } },
    });
    expect(worker.sandbox.control.creates().received).toBe(1);
  });
});

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { VideoJobEvent } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { carryOut, completed, failed, openParts, order, queued } from './bulk-orders.ts';

/** Failed, and perhaps billed. */
const lost: VideoJobEvent[] = [{ type: 'submit_lost', evidence: null }, { type: 'submission_not_found' }];

describe('a bulk action', () => {
  test('retries every job once, says by whom, and ends in the audit log', async () => {
    const parts = await openParts();
    const { ledger, steps } = parts;
    const jobs = await Promise.all(Array.from({ length: 120 }, () => failed(parts)));
    const id = await order(ledger, 'retry', jobs);
    expect(await carryOut(parts, id)).toMatchObject({
      state: 'finished',
      total: 120,
      done: 120,
      failed: 0,
      skipped: 0,
    });
    const after = await ledger.jobs.getMany(jobs.map((job) => job.id));
    expect(after.map(({ attempt, lifecycle }) => `${attempt} ${lifecycle.state}`)).toEqual(jobs.map(() => '2 queued'));
    expect((await steps.counts()).submit.waiting).toBeGreaterThan(0);
    const events = await ledger.jobs.events(jobs[0]?.id ?? '', { limit: 100 });
    const circumstances = { by: 'operator', who: 'Kim', reason: 'mended', bulk: id };
    expect(events.at(-1)).toMatchObject({ type: 'retry_requested', details: circumstances });
    const { entries } = await ledger.audit.list({ limit: 10 });
    expect(entries).toMatchObject([{ action: 'bulk.retry', outcome: 'done', after: { total: 120, done: 120 } }]);
  });

  test('leaves out what may have been billed, unless there is consent, and what has changed since', async () => {
    const parts = await openParts();
    const { ledger } = parts;
    const [doubtful, changed, gone, safe] = [
      await failed(parts, lost),
      await failed(parts),
      await failed(parts),
      await failed(parts),
    ];
    const id = await order(ledger, 'retry', [doubtful, changed, gone, safe]);
    await ledger.jobs.apply(changed.id, { type: 'retry_requested' }, Date.now());
    await ledger.jobs.delete(gone.id);
    expect(await carryOut(parts, id)).toMatchObject({ done: 1, skipped: 3, failed: 0 });
    const problems = await ledger.bulk.problems(id);
    expect(problems.map(({ jobId, message }) => [jobId, message])).toEqual([
      [doubtful.id, expect.stringContaining('billed')],
      [changed.id, expect.stringContaining('changed')],
      [gone.id, expect.stringContaining('gone')],
    ]);
    expect((await ledger.jobs.get(changed.id))?.attempt).toBe(2);
    expect(await carryOut(parts, await order(ledger, 'retry', [doubtful], true))).toMatchObject({ done: 1 });
  });

  test('cancels, rechecks and deletes as a single order does', async () => {
    const parts = await openParts();
    const { ledger, steps } = parts;
    const waiting = await queued(parts);
    const old = await failed(parts);
    const accepted: VideoJobEvent = { type: 'submit_accepted', generationId: 'g-1', usage: null };
    const timedOut = await failed(parts, [accepted, { type: 'deadline_passed' }]);
    for (const [action, job] of [
      ['cancel', waiting],
      ['delete', old],
      ['recheck', timedOut],
    ] as const) {
      expect(await carryOut(parts, await order(ledger, action, [job]))).toMatchObject({ done: 1 });
    }
    expect((await ledger.jobs.get(waiting.id))?.lifecycle.state).toBe('cancelled');
    expect(await ledger.jobs.get(old.id)).toBeNull();
    expect((await ledger.jobs.get(timedOut.id))?.lifecycle.state).toBe('generating');
    expect((await steps.counts()).poll.waiting).toBeGreaterThan(0);
  });

  test('that was cut off in the middle of a slice goes on without retrying or missing any job', async () => {
    const parts = await openParts();
    const { ledger } = parts;
    const jobs = await Promise.all(Array.from({ length: 60 }, () => failed(parts)));
    const id = await order(ledger, 'retry', jobs);
    // What is left of a worker that is killed after it has retried seven jobs and before it has noted them.
    for (const job of jobs.slice(0, 7)) {
      const circumstances = { by: 'operator', bulk: id };
      await ledger.jobs.apply(job.id, { type: 'retry_requested' }, Date.now(), { attempt: 1, circumstances });
    }
    expect(await carryOut(parts, id)).toMatchObject({ state: 'finished', done: 60, skipped: 0, failed: 0 });
    const after = await ledger.jobs.getMany(jobs.map((job) => job.id));
    expect(after.map(({ attempt }) => attempt)).toEqual(jobs.map(() => 2));
  });

  test('is carried out and counted once, whoever takes it at the same time', async () => {
    const parts = await openParts();
    const other = await openParts({ namespace: parts.namespace, workerId: 'worker-2' });
    const jobs = await Promise.all(Array.from({ length: 120 }, () => failed(parts)));
    const id = await order(parts.ledger, 'retry', jobs);
    const run = await parts.ledger.bulk.get(id);
    await Promise.all([carryOut(parts, id), carryOut(other, id)]);
    expect(await parts.ledger.bulk.get(id)).toMatchObject({ state: 'finished', done: 120, skipped: 0 });
    const counts = { done: 50, failed: 0, skipped: 0 };
    if (run !== null) expect(await other.ledger.bulk.advance(run, 50, counts, [], Date.now())).toBe('');
    expect(await parts.ledger.bulk.get(id)).toMatchObject({ done: 120 });
    const after = await parts.ledger.jobs.getMany(jobs.map((job) => job.id));
    expect(after.map(({ attempt }) => attempt)).toEqual(jobs.map(() => 2));
  });

  test('can be stopped, once; nothing more is done, and its list of jobs is gone', async () => {
    const parts = await openParts();
    const { ledger, redis, namespace } = parts;
    const job = await failed(parts);
    const id = await order(ledger, 'retry', [job]);
    expect(await ledger.bulk.stop(id, Date.now())).toBe(true);
    expect(await ledger.bulk.stop(id, Date.now())).toBe(false);
    expect(await carryOut(parts, id)).toMatchObject({ state: 'stopped', done: 0 });
    expect((await ledger.jobs.get(job.id))?.attempt).toBe(1);
    expect(await redis.exists(`{${namespace}}:bulk:${id}:jobs`)).toBe(0);
  });

  test('that is stopped in the middle of a slice has in the audit log what was done all the same', async () => {
    const parts = await openParts();
    const { ledger, storage } = parts;
    const jobs = [await completed(parts, 'a.mp4'), await failed(parts)];
    const id = await order(ledger, 'delete', jobs);
    const stopping = async (key: string) => {
      await ledger.bulk.stop(id, Date.now());
      await storage.delete(key);
    };
    const run = await carryOut({ ...parts, storage: { ...storage, delete: stopping } }, id);
    expect(run).toMatchObject({ state: 'stopped', done: 2 });
    const { entries } = await ledger.audit.list({ limit: 1 });
    const after = { state: 'stopped', total: 2, done: 2, failed: 0, skipped: 0 };
    expect(entries).toMatchObject([{ outcome: 'done', message: 'Stopped by an operator.', after }]);
  });

  test('that fails for a job says so in a line with the ids of the job and of its request, and goes on', async () => {
    const parts = await openParts();
    const storageKey = 'a-folder-is-in-the-way.mp4';
    const done = await completed(parts, storageKey);
    await mkdir(join(parts.directory, storageKey));
    const id = await order(parts.ledger, 'delete', [done, await failed(parts)]);
    expect(await carryOut(parts, id)).toMatchObject({ state: 'finished', done: 1, failed: 1 });
    const lines = parts.logLines.map((line) => JSON.parse(line) as object);
    const names = { jobId: done.id, requestId: done.requestId, bulkId: id };
    expect(lines).toContainEqual(expect.objectContaining({ ...names, err: expect.anything() }));
  });
});

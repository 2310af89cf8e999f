import { deletedVideoJob, openaiError, videoJobWire } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import {
  accepted,
  fileContent,
  generated,
  lost,
  notFound,
  rejected,
  started,
  stored,
  wayToCompletion,
} from './events.ts';
import { otherKey, type RunningApi, startApi } from './running-api.ts';

async function order(api: RunningApi, path: string, body?: unknown) {
  const response = await api.call('POST', `/v1/jobs/${path}`, { body });
  const json: unknown = await response.json();
  return response.ok
    ? { status: response.status, job: videoJobWire.parse(json), error: null }
    : { status: response.status, job: null, error: openaiError.parse(json).error };
}

describe('cancelling', () => {
  test('a job that was not sent ends it at once, for free', async () => {
    await using api = await startApi();
    const id = await api.create();
    const { status, job } = await order(api, `${id}/cancel`);
    expect(status).toBe(200);
    expect(job).toMatchObject({ status: 'failed', phase: 'cancelled', error: { code: 'cancelled', billed: 'no' } });
  });

  test('a running generation goes on following it, and says so', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, accepted);
    const { job } = await order(api, `${id}/cancel`);
    expect(job).toMatchObject({ status: 'in_progress', phase: 'cancelling', error: null });
    await expect.poll(async () => (await api.steps.counts()).poll.waiting).toBe(1);
    await api.happen(id, generated, stored(`${id}.mp4`));
    const ended = videoJobWire.parse(await (await api.call('GET', `/v1/jobs/${id}`)).json());
    expect(ended).toMatchObject({
      status: 'failed',
      error: { code: 'cancelled', billed: 'yes', retryable: false },
      links: { video: `${api.url}/v1/jobs/${id}/video` },
    });
  });

  test('twice is the same as once', async () => {
    await using api = await startApi();
    const id = await api.create();
    await order(api, `${id}/cancel`);
    expect(await order(api, `${id}/cancel`)).toMatchObject({ status: 200, job: { phase: 'cancelled', attempt: 1 } });
  });

  test('is one event, however many ask for it at once, and says who asked', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, accepted);
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(api, `${id}/cancel`)));
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    const events = await api.ledger.jobs.events(id, { limit: 100 });
    expect(events.filter(({ type }) => type === 'cancel_requested')).toMatchObject([
      { details: { by: 'owner', who: 'alice' } },
    ]);
  });

  test('has the next look at a generation now, however far away it is', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, accepted);
    await api.steps.add('poll', { jobId: id, attempt: 1 }, { delayMs: 3_600_000 });
    await order(api, `${id}/cancel`);
    await expect.poll(async () => (await api.steps.counts()).poll).toMatchObject({ waiting: 1, delayed: 0 });
  });

  test('works with an empty body that claims to be JSON, as many clients send it', async () => {
    await using api = await startApi();
    const id = await api.create();
    const headers = { 'content-type': 'application/json' };
    expect((await api.call('POST', `/v1/jobs/${id}/cancel`, { headers })).status).toBe(200);
  });

  test('what has ended is refused', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const { status, error } = await order(api, `${id}/cancel`);
    expect(status).toBe(409);
    expect(error).toMatchObject({ code: 'already_ended', message: expect.stringContaining('completed') });
  });
});

describe('retrying', () => {
  test('starts a new attempt with a step of its own', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected);
    const { status, job } = await order(api, `${id}/retry`);
    expect(status).toBe(202);
    expect(job).toMatchObject({ status: 'queued', attempt: 2, error: null, failed_at: null });
    await expect.poll(async () => (await api.steps.counts()).submit.waiting).toBe(2);
  });

  test('what may have been billed takes an explicit consent', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, lost, notFound);
    const refused = await order(api, `${id}/retry`, {});
    expect(refused).toMatchObject({
      status: 409,
      error: { code: 'cost_confirmation_required', param: 'confirm_cost' },
    });
    expect((await api.ledger.jobs.get(id))?.attempt).toBe(1);
    expect(await order(api, `${id}/retry`, { confirm_cost: true })).toMatchObject({ status: 202, job: { attempt: 2 } });
  });

  test('starts one attempt when it is asked for many times at once', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected);
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(api, `${id}/retry`)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ error }) => error?.code === 'not_retryable')).toHaveLength(19);
    expect((await api.ledger.jobs.get(id))?.attempt).toBe(2);
    const events = await api.ledger.jobs.events(id, { limit: 100 });
    expect(events.at(-1)).toMatchObject({ type: 'retry_requested', details: { by: 'owner', who: 'alice' } });
  });

  test('deletes the file that came for the cancelled attempt', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.saveFile(`${id}.mp4`, fileContent);
    await api.happen(id, started, accepted, { type: 'cancel_requested' }, generated, stored(`${id}.mp4`));
    expect((await api.call('GET', `/v1/jobs/${id}/video`)).status).toBe(200);
    expect(await order(api, `${id}/retry`, { confirm_cost: true })).toMatchObject({ status: 202, job: { attempt: 2 } });
    expect(await api.hasFile(`${id}.mp4`)).toBe(false);
  });

  test.each([
    ['completed', wayToCompletion('k.mp4')],
    ['in_progress', [started, accepted]],
    ['queued', []],
  ] as const)('a job that is %s is refused', async (status, events) => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...events);
    const answer = await order(api, `${id}/retry`, { confirm_cost: true });
    expect(answer).toMatchObject({
      status: 409,
      error: { code: 'not_retryable', message: expect.stringContaining(status) },
    });
  });

  test('with an unknown field is refused: a misspelt consent must not be lost', async () => {
    await using api = await startApi();
    const id = await api.create();
    expect(await order(api, `${id}/retry`, { confirm_costs: true })).toMatchObject({
      status: 400,
      error: { param: 'confirm_costs' },
    });
  });
});

describe('rechecking', () => {
  const timedOut = [started, accepted, { type: 'deadline_passed' }] as const;

  test('a failed job has a worker ask the provider now, in the same attempt', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...timedOut);
    await api.steps.add('poll', { jobId: id, attempt: 1 }, { delayMs: 3_600_000 });
    const { status, job } = await order(api, `${id}/recheck`);
    expect(status).toBe(202);
    expect(job).toMatchObject({ status: 'in_progress', phase: 'generating', attempt: 1, error: null });
    await expect.poll(async () => (await api.steps.counts()).poll).toMatchObject({ waiting: 1, delayed: 0 });
    const events = await api.ledger.jobs.events(id, { limit: 100 });
    expect(events.at(-1)).toMatchObject({ type: 'recheck_requested', details: { by: 'owner', who: 'alice' } });
  });

  test('ends as late when the video is there, and as it was when nothing is', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...timedOut);
    const before = videoJobWire.parse(await (await api.call('GET', `/v1/jobs/${id}`)).json());
    expect(before).toMatchObject({ late: false, error: { code: 'generation_timeout', billed: 'unknown' } });
    await order(api, `${id}/recheck`);
    await api.happen(id, { type: 'recheck_ended' });
    expect(await (await api.call('GET', `/v1/jobs/${id}`)).json()).toEqual(before);
    await order(api, `${id}/recheck`);
    const { watchSecret } = await api.happen(id, generated, stored(`${id}.mp4`));
    expect(await (await api.call('GET', `/v1/jobs/${id}`)).json()).toMatchObject({ status: 'completed', late: true });
    const page = await api.call('GET', `/v/${id.slice('video_'.length)}${watchSecret}`, { key: null });
    expect(await page.text()).toContain('then it came after all');
  });

  test('many times at once asks once', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...timedOut);
    const answers = await Promise.all(Array.from({ length: 20 }, () => order(api, `${id}/recheck`)));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(answers.filter(({ error }) => error?.code === 'nothing_to_recheck')).toHaveLength(19);
  });

  test.each([
    ['queued', [], 'queued'],
    ['running', [started, accepted], 'in_progress'],
    ['completed', wayToCompletion('k.mp4'), 'is here'],
    ['failed without a generation id', [started, rejected], 'no generation id'],
    [
      'cancelled with its file',
      [started, accepted, { type: 'cancel_requested' }, generated, stored('k.mp4')],
      'is here',
    ],
  ] as const)('a job that is %s is refused, with the reason', async (_, events, words) => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...events);
    expect(await order(api, `${id}/recheck`)).toMatchObject({
      status: 409,
      error: { code: 'nothing_to_recheck', message: expect.stringContaining(words) },
    });
  });

  test("somebody else's job is not found", async () => {
    await using api = await startApi();
    const id = await api.create();
    expect((await api.call('POST', `/v1/jobs/${id}/recheck`, { key: otherKey })).status).toBe(404);
  });
});

describe('deleting', () => {
  test('an ended job removes its record and its file', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.saveFile(`${id}.mp4`, fileContent);
    const { watchSecret } = await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const watchPath = `/v/${id.slice('video_'.length)}${watchSecret}/video.mp4`;
    expect((await api.call('GET', watchPath, { key: null })).status).toBe(200);
    const response = await api.call('DELETE', `/v1/jobs/${id}`);
    expect(response.status).toBe(200);
    expect(deletedVideoJob.parse(await response.json())).toEqual({ id, object: 'video.job.deleted', deleted: true });
    expect((await api.call('GET', `/v1/jobs/${id}`)).status).toBe(404);
    expect((await api.call('GET', watchPath, { key: null })).status).toBe(404);
    expect((await api.call('DELETE', `/v1/jobs/${id}`)).status).toBe(404);
  });

  test.each([
    ['queued', []],
    ['generating', [started, accepted]],
    ['cancelling', [started, accepted, { type: 'cancel_requested' }]],
  ] as const)('a job that is %s is refused with what to do first', async (state, events) => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...events);
    const response = await api.call('DELETE', `/v1/jobs/${id}`);
    expect(response.status).toBe(409);
    expect(openaiError.parse(await response.json()).error).toMatchObject({
      code: 'still_running',
      message: expect.stringMatching(/cancel/i),
    });
    expect((await api.ledger.jobs.get(id))?.lifecycle.state).toBe(state);
  });
});

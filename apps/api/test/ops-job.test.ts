import { type OperatorJobWhole, operatorJobWhole } from '@video-proxy/contracts';
import { deliveryOf, failure, remark, said, type VideoJobEvent } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import {
  accepted,
  fileContent,
  generated,
  lost,
  notFound,
  rejected,
  rejection,
  started,
  wayToCompletion,
} from './events.ts';
import { opsKey, type RunningApi, startApi } from './running-api.ts';

async function whole(api: RunningApi, id: string): Promise<OperatorJobWhole> {
  const response = await api.call('GET', `/ops/api/jobs/${id}`, { key: opsKey });
  expect(response.status).toBe(200);
  return operatorJobWhole.strict().parse(await response.json());
}

describe('a whole job', () => {
  test('has every attempt with its end, and every id under which somebody may ask for it', async () => {
    await using api = await startApi();
    const id = await api.create({}, { 'x-request-id': 'ticket-9' });
    const verdict: VideoJobEvent = { type: 'generation_failed', failure: failure('content_rejected') };
    await api.happen(id, started, rejected, { type: 'retry_requested' }, started, accepted, verdict);
    const job = await whole(api, id);
    expect(job.attempts).toMatchObject([
      { number: 1, client_request_id: `${id}.1`, phase: 'failed', code: 'provider_auth_failed', billed: 'no' },
      { number: 2, client_request_id: `${id}.2`, phase: 'failed', code: 'content_rejected', generation_id: 'gen-1' },
    ]);
    expect(job.request_ids).toEqual([
      { kind: 'request', id: 'ticket-9', attempt: null },
      { kind: 'client_request', id: `${id}.1`, attempt: 1 },
      { kind: 'client_request', id: `${id}.2`, attempt: 2 },
      { kind: 'generation', id: 'gen-1', attempt: 2 },
      { kind: 'provider_request', id: rejection.requestId, attempt: 1 },
    ]);
    expect(job.failure_group).toMatch(/^[0-9a-f]{12}$/);
    expect(job.actions).toEqual({ retry: true, recheck: true, cancel: false, delete: true, needs_confirmation: false });
  });

  test('has the calls to the provider with its own words, and tells a lookup from a create', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, lost);
    const away = {
      type: 'poll_unavailable',
      atMs: Date.now(),
      details: { evidence: { ...rejection, statusCode: 503 } },
    } as const;
    await api.ledger.jobs.note(id, away);
    await api.happen(id, notFound);
    const { provider_calls, actions, attempts } = await whole(api, id);
    expect(provider_calls.map(({ call, event, status_code }) => [call, event, status_code])).toEqual([
      ['create', 'submit_lost', null],
      ['lookup', 'poll_unavailable', 503],
      ['lookup', 'submission_not_found', null],
    ]);
    expect(provider_calls[1]).toMatchObject({
      request_id: rejection.requestId,
      message: rejection.message,
      attempt: 1,
    });
    expect(actions.needs_confirmation).toBe(true);
    expect(attempts).toMatchObject([{ code: 'submission_unknown', billed: 'unknown' }]);
  });

  test('has the request ids of answers that went well, each by its call', async () => {
    await using api = await startApi();
    const id = await api.create();
    const named = <Event extends VideoJobEvent>(event: Event, providerRequestId: string) => ({
      ...event,
      providerRequestId,
    });
    await api.happen(id, started, named(accepted, 'r-1'));
    const recovered = { type: 'poll_recovered', atMs: Date.now(), details: { providerRequestId: 'r-2' } } as const;
    await api.ledger.jobs.note(id, recovered);
    await api.happen(id, named(generated, 'r-3'));
    const { provider_calls, request_ids, events } = await whole(api, id);
    expect(provider_calls.map(({ call, request_id, status_code }) => [call, request_id, status_code])).toEqual([
      ['create', 'r-1', null],
      ['poll', 'r-2', null],
      ['poll', 'r-3', null],
    ]);
    const ofProvider = request_ids.filter(({ kind }) => kind === 'provider_request');
    expect(ofProvider.map((known) => known.id)).toEqual(['r-1', 'r-2', 'r-3']);
    expect(events.at(-1)?.details).toEqual({ provider_request_id: 'r-3' });
  });

  test('has no call of a request that was put off before it was sent', async () => {
    await using api = await startApi();
    const id = await api.create();
    const nowMs = Date.now();
    const hold = {
      code: 'internal_error',
      message: 'unreadable',
      sinceMs: nowMs,
      untilMs: nowMs,
      evidence: null,
    } as const;
    await api.happen(id, { type: 'submit_deferred', hold }, started, { type: 'submit_deferred', hold });
    const { provider_calls } = await whole(api, id);
    expect(provider_calls.map(({ call, event }) => [call, event])).toEqual([['create', 'submit_deferred']]);
  });

  test('has what a worker found out, and what that was made from, unless an earlier version noted it', async () => {
    await using api = await startApi();
    const id = await api.create();
    const finding = 'an empty file instead of a video';
    const note = { type: 'artifact_finding', atMs: Date.now() } as const;
    await api.ledger.jobs.note(id, { ...note, details: { finding } });
    await api.ledger.jobs.note(id, { ...note, details: { finding, said: said('file_empty') } });
    const { events } = await whole(api, id);
    expect(events.map((event) => [event.type, event.finding, event.said])).toEqual([
      ['created', null, null],
      ['artifact_finding', finding, null],
      ['artifact_finding', finding, { code: 'file_empty', facts: {} }],
    ]);
  });

  test('names the file that came in place of a video, and where it is kept', async () => {
    await using api = await startApi();
    const id = await api.create();
    const keptAs = `rejected/${id}.a.rejected`;
    await api.ledger.jobs.note(id, { type: 'artifact_finding', atMs: Date.now(), details: { keptAs } });
    const { files } = await whole(api, id);
    expect(files).toMatchObject([{ kind: 'rejected', storage_key: keptAs, present: null, url: null }]);
  });

  test('tells a remark of ours from the words of the provider', async () => {
    await using api = await startApi();
    const id = await api.create();
    const { said: what, text } = remark('connection lost', 'call_lost');
    const silence = { ...rejection, statusCode: null, message: text, said: what };
    await api.happen(id, started, { type: 'submit_lost', evidence: silence }, notFound);
    const { provider_calls, job } = await whole(api, id);
    expect(provider_calls[0]).toMatchObject({ message: text, said: what });
    expect(job.error?.provider).toMatchObject({ message: text, said: what });
  });

  test('says how long each phase took', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const { timings } = await whole(api, id);
    expect(timings.map(({ phase, attempt }) => `${attempt} ${phase}`)).toEqual([
      '1 queued',
      '1 submitting',
      '1 generating',
      '1 storing',
      '1 completed',
    ]);
    expect(timings.slice(0, -1).every(({ seconds }) => seconds !== null && seconds >= 0)).toBe(true);
    expect(timings.at(-1)).toMatchObject({ to: null, seconds: null });
  });

  test('has the steps that the queue holds for it', async () => {
    await using api = await startApi();
    const id = await api.create();
    await expect.poll(async () => (await whole(api, id)).steps).toMatchObject([{ step: 'submit', state: 'waiting' }]);
    const trouble = { kind: 'unavailable', count: 3 };
    const before = Date.now();
    await api.steps.add('poll', { jobId: id, attempt: 1, trouble }, { delayMs: 3_600_000 });
    const { steps } = await whole(api, id);
    expect(steps).toHaveLength(2);
    expect(steps[1]).toMatchObject({ step: 'poll', state: 'delayed', trouble });
    expect(steps[1]?.due_at).toBeGreaterThanOrEqual(Math.floor(before / 1_000) + 3_600);
    expect(steps[1]?.due_at).toBeLessThan(Math.floor(before / 1_000) + 3_700);
  });

  test('has the steps of webhooks that are still to be sent, and no others', async () => {
    await using api = await startApi();
    const id = await api.create({ webhook_url: 'https://hooks.example/videos' });
    const ended = deliveryOf(await api.happen(id, { type: 'cancel_requested' }), Date.now());
    if (ended === null) throw new Error('a cancelled job has ended');
    await api.ledger.deliveries.announce(ended, 60_000);
    await api.steps.add('notify', { deliveryId: ended.id }, { delayMs: 3_600_000 });
    const planned = async () => (await whole(api, id)).steps.filter(({ step }) => step === 'notify');
    expect(await planned()).toMatchObject([{ step: 'notify', state: 'delayed' }]);
    expect((await planned())[0]?.due_at).toBeGreaterThan(Date.now() / 1_000);
    await api.steps.add('notify', { deliveryId: 'evt_of_another_job' });
    expect(await planned()).toHaveLength(1);
  });

  test('has its files with their sizes, and says when one is not there', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.saveFile(`${id}.mp4`, fileContent);
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const { files, deliveries, job } = await whole(api, id);
    expect(files).toEqual([
      {
        kind: 'video',
        id: null,
        storage_key: `${id}.mp4`,
        content_type: 'video/mp4',
        bytes: fileContent.length,
        present: true,
        url: job.video?.url,
      },
    ]);
    expect(deliveries).toEqual([]);
    const without = await api.create();
    await api.happen(without, ...wayToCompletion('gone.mp4'));
    expect((await whole(api, without)).files).toMatchObject([{ present: false, url: null }]);
  });

  test('has the files it is made from', async () => {
    await using api = await startApi();
    const id = await api.create();
    const job = await api.ledger.jobs.get(id);
    if (job === null) throw new Error('no job');
    const inputId = `file_${'0'.repeat(25)}1`;
    const missing = `file_${'0'.repeat(25)}2`;
    const made = {
      ...job,
      id: id.replace(/.$/, job.id.endsWith('0') ? '1' : '0'),
      parameters: { a: inputId, b: missing },
    };
    await api.ledger.jobs.create(made, null);
    await api.ledger.inputs.create({
      id: inputId,
      owner: 'alice',
      filename: 'fox.png',
      contentType: 'image/png',
      sizeBytes: 7,
      storageKey: 'inputs/fox.png',
      secret: 'x',
      createdAtMs: Date.now(),
    });
    await api.saveFile('inputs/fox.png', 'seven b');
    const { files } = await whole(api, made.id);
    expect(files).toMatchObject([
      { kind: 'input', id: inputId, storage_key: 'inputs/fox.png', content_type: 'image/png', bytes: 7, present: true },
      { kind: 'input', id: missing, storage_key: null, present: false },
    ]);
  });

  test('whose history has lost its beginning still counts attempts from the end', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected, { type: 'retry_requested' });
    for (let line = 0; line < 250; line += 1) {
      await api.ledger.jobs.note(id, { type: 'storage_unavailable', atMs: Date.now() });
    }
    const { attempts, timings } = await whole(api, id);
    expect(attempts).toMatchObject([
      { number: 1, started_at: null, code: null },
      { number: 2, started_at: null, phase: 'queued' },
    ]);
    expect(timings).toMatchObject([{ phase: 'queued', attempt: 2, to: null }]);
  });
});

import { videoJobEventWire, videoJobWire } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { accepted, generated, rejected, rejection, started, stored, wayToCompletion } from './events.ts';
import { type RunningApi, startApi } from './running-api.ts';

interface Message {
  readonly id: string | undefined;
  readonly event: string;
  readonly data: unknown;
}

/** Opens the stream; `next` gives one message after the other, `rest` all until the server ends it. */
async function follow(api: RunningApi, id: string, headers: Record<string, string> = {}) {
  const response = await api.call('GET', `/v1/jobs/${id}/events`, { headers });
  const messages = response.body === null ? null : parse(response.body);
  const next = async (): Promise<Message | null> => (await messages?.next())?.value ?? null;
  const rest = async (): Promise<Message[]> => {
    const found: Message[] = [];
    for (let message = await next(); message !== null; message = await next()) found.push(message);
    return found;
  };
  return { response, next, rest };
}

async function* parse(body: ReadableStream<Uint8Array>): AsyncGenerator<Message, null> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const fields = Object.fromEntries(
        text
          .slice(0, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
      ) as Record<string, string>;
      text = text.slice(end + 2);
      const { event, data, id } = fields;
      if (event !== undefined && data !== undefined) yield { id, event, data: JSON.parse(data) };
    }
  }
  return null;
}

const names = (messages: readonly Message[]) => messages.map(({ event }) => event);

describe('the events of a job', () => {
  test('are told from the first to the last, then the whole job, then the stream ends', async () => {
    await using api = await startApi();
    const id = await api.create();
    const stream = await follow(api, id);
    expect(stream.response.headers.get('content-type')).toMatch(/^text\/event-stream/);
    expect((await stream.next())?.event).toBe('created');
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const told = await stream.rest();
    expect(names(told)).toEqual([
      'submit_started',
      'submit_accepted',
      'generation_succeeded',
      'artifact_stored',
      'job',
    ]);
    expect(videoJobWire.parse(told.at(-1)?.data)).toMatchObject({ id, status: 'completed' });
  });

  test('come as they happen', async () => {
    await using api = await startApi();
    const id = await api.create();
    const stream = await follow(api, id);
    await stream.next();
    await api.happen(id, started);
    expect(videoJobEventWire.parse((await stream.next())?.data)).toMatchObject({
      type: 'submit_started',
      status: 'in_progress',
      phase: 'submitting',
      attempt: 1,
      error: null,
    });
    await api.happen(id, accepted);
    expect((await stream.next())?.event).toBe('submit_accepted');
    await api.happen(id, { type: 'cancel_requested' });
    expect((await stream.next())?.event).toBe('cancel_requested');
    await api.closeServer();
  });

  test('say why a job failed, in the words of its status', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected);
    const told = await (await follow(api, id)).rest();
    expect(videoJobEventWire.parse(told.at(-2)?.data).error).toMatchObject({
      code: 'provider_auth_failed',
      provider: { request_id: rejection.requestId },
    });
  });

  test('go on after the last one that was seen', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const all = await (await follow(api, id)).rest();
    const seen = all[2]?.id ?? '';
    const rest = await (await follow(api, id, { 'last-event-id': seen })).rest();
    expect(rest).toEqual(all.slice(3));
  });

  test('are over for who has seen the end: 204 tells an EventSource to stop', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, { type: 'cancel_requested' });
    const end = (await (await follow(api, id)).rest()).at(-1)?.id ?? '';
    expect((await follow(api, id, { 'last-event-id': end })).response.status).toBe(204);
    await api.happen(id, { type: 'retry_requested' });
    const again = await follow(api, id, { 'last-event-id': end });
    expect(again.response.status).toBe(200);
    expect(await again.next()).toMatchObject({ event: 'retry_requested', data: { attempt: 2, status: 'queued' } });
    await api.closeServer();
  });

  test('go on for who has seen an end when the video comes late', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, accepted, { type: 'deadline_passed' });
    const end = (await (await follow(api, id)).rest()).at(-1)?.id ?? '';
    await api.ledger.jobs.note(id, { type: 'poll_refused', atMs: Date.now() });
    expect((await follow(api, id, { 'last-event-id': end })).response.status).toBe(204);
    await api.happen(id, generated, stored(`${id}.mp4`));
    const told = await (await follow(api, id, { 'last-event-id': end })).rest();
    expect(names(told)).toEqual(['generation_succeeded', 'artifact_stored', 'job']);
    expect(told.at(-1)?.data).toMatchObject({ status: 'completed', late: true });
  });

  test('count the attempts', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected, { type: 'retry_requested' }, started, rejected);
    const told = (await (await follow(api, id)).rest()).slice(0, -1).map(({ data }) => videoJobEventWire.parse(data));
    expect(told.map(({ type, attempt }) => [type, attempt])).toEqual([
      ['created', 1],
      ['submit_started', 1],
      ['submit_refused', 1],
      ['retry_requested', 2],
      ['submit_started', 2],
      ['submit_refused', 2],
    ]);
    expect(told.map(({ error }) => error?.code ?? null).slice(0, 5)).toEqual(Array(5).fill(null));
  });

  test('never hold what only the worker may know', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.ledger.jobs.note(id, { type: 'poll_refused', atMs: Date.now(), details: { secret: 'inner' } });
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const text = await (await api.call('GET', `/v1/jobs/${id}/events`)).text();
    expect(text).not.toMatch(/cdn\.example|inner|poll_refused/);
  });

  test('ignore a last event id that is none', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, { type: 'cancel_requested' });
    const told = await (await follow(api, id, { 'last-event-id': '<script>' })).rest();
    expect(names(told)).toEqual(['created', 'cancel_requested', 'job']);
  });

  test('end when the service closes', async () => {
    await using api = await startApi();
    const stream = await follow(api, await api.create());
    await stream.next();
    await api.closeServer();
    expect(await stream.rest()).toEqual([]);
  });
});

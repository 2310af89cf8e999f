import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { type Client, type Following, openClient, ServiceAwayError, ServiceError } from '../src/index.ts';
import { ended, id, running } from './job-fixture.ts';
import { clientOf, refusal, sendJson } from './scripted-service.ts';

interface Script {
  /** Answers the n-th look at the job, from 0. */
  job(look: number, request: IncomingMessage, response: ServerResponse): void;
  events(request: IncomingMessage, response: ServerResponse): void;
}

function serviceWith(script: Script): Promise<Client> {
  let looks = 0;
  return clientOf((request, response) => {
    if (request.url?.endsWith('/events') === true) script.events(request, response);
    else script.job(looks++, request, response);
  });
}

const streamHead = { 'content-type': 'text/event-stream' };
const away = refusal('service_unavailable');

async function phasesOf(client: Client, options: Following = {}): Promise<readonly string[]> {
  const phases: string[] = [];
  for await (const job of client.followJob(id, { signal: AbortSignal.timeout(15_000), ...options }))
    phases.push(job.phase);
  return phases;
}

test('without an event stream waiting status requests take its place, and it is not asked for again and again', async () => {
  const waits: (string | null)[] = [];
  let streams = 0;
  const client = await serviceWith({
    job(look, request, response) {
      waits.push(new URL(request.url ?? '', 'http://service').searchParams.get('wait_seconds'));
      sendJson(response, look < 4 ? running : ended);
    },
    events(_request, response) {
      streams += 1;
      sendJson(response, refusal('not_found'), 404);
    },
  });
  expect(await phasesOf(client)).toEqual(['generating', 'cancelled']);
  expect(waits).toEqual(['0', '5', '5', '5', '5']);
  expect(streams).toBe(2);
});

test('who only waits for the end lets the service do the waiting', async () => {
  const waits: (string | null)[] = [];
  const client = await serviceWith({
    job(look, request, response) {
      waits.push(new URL(request.url ?? '', 'http://service').searchParams.get('wait_seconds'));
      sendJson(response, look < 1 ? running : ended);
    },
    events: (_request, response) => void response.writeHead(502).end(),
  });
  expect(await client.waitForJob(id)).toEqual(ended);
  expect(waits).toEqual(['0', '20']);
});

test('a stream that breaks is resumed after the last event', async () => {
  const resumedAfter: unknown[] = [];
  const client = await serviceWith({
    job: (look, _request, response) => sendJson(response, look < 3 ? running : ended),
    events(request, response) {
      resumedAfter.push(request.headers['last-event-id']);
      response.writeHead(200, streamHead);
      response.write(`id: ${resumedAfter.length}\nevent: submit_started\ndata: {}\n\n`, () => response.destroy());
    },
  });
  expect((await phasesOf(client)).at(-1)).toBe('cancelled');
  expect(resumedAfter.slice(0, 2)).toEqual([undefined, '1']);
});

test('a quiet stream does not hide progress: the job is looked at all the same', async () => {
  const client = await serviceWith({
    job: (look, _request, response) => sendJson(response, look < 1 ? running : ended),
    events: (_request, response) => void response.writeHead(200, streamHead).write(': keep-alive\n\n'),
  });
  expect(await phasesOf(client, { refreshMs: 50 })).toEqual(['generating', 'cancelled']);
});

test('only what has changed is told', async () => {
  const client = await serviceWith({
    job: (look, _request, response) =>
      sendJson(response, look < 6 ? { ...running, progress: look < 3 ? 0 : 50 } : ended),
    events: (_request, response) => void response.writeHead(200, streamHead).write(': keep-alive\n\n'),
  });
  const told: number[] = [];
  await client.waitForJob(id, { refreshMs: 10, onChange: ({ progress }) => void told.push(progress) });
  expect(told).toEqual([0, 50, 0]);
});

test.each([
  ['says that it is away', (response: ServerResponse) => void sendJson(response, away, 503)],
  ['cuts its answer off', (response: ServerResponse) => void response.write('{"id":', () => response.destroy())],
  [
    'lies behind a proxy that finds nobody',
    (response: ServerResponse) => void response.writeHead(502).end('Bad gateway'),
  ],
])('a service that was there and %s is waited for', async (_what, fail) => {
  const client = await serviceWith({
    job: (look, _request, response) => (look === 1 ? fail(response) : sendJson(response, look < 1 ? running : ended)),
    events: (_request, response) => sendJson(response, away, 503),
  });
  expect(await phasesOf(client)).toEqual(['generating', 'cancelled']);
});

test('a service that stays away is waited for only so long', async () => {
  const client = await serviceWith({
    job: (look, _request, response) => (look === 0 ? sendJson(response, running) : sendJson(response, away, 503)),
    events: (_request, response) => sendJson(response, away, 503),
  });
  await expect(phasesOf(client, { awayMaxMs: 0 })).rejects.toThrow(ServiceAwayError);
});

test('a service that was never there is not waited for', async () => {
  const client = openClient({ baseUrl: 'http://127.0.0.1:2' });
  await expect(phasesOf(client)).rejects.toMatchObject({ serviceAway: true, refused: true, status: null });
});

test('a job that was deleted meanwhile ends the following with what the service says', async () => {
  const client = await serviceWith({
    job: (look, _request, response) =>
      look === 0 ? sendJson(response, running) : sendJson(response, refusal('not_found'), 404),
    events: (_request, response) => void response.writeHead(200, streamHead).end(),
  });
  await expect(phasesOf(client)).rejects.toThrow(ServiceError);
});

test('who stops early leaves no connection behind', async () => {
  const closed = Promise.withResolvers<void>();
  const stop = new AbortController();
  const reason = new Error('seen enough');
  const client = await serviceWith({
    job: (_look, _request, response) => sendJson(response, running),
    events(request, response) {
      request.once('close', closed.resolve);
      response.writeHead(200, streamHead).write('id: 1\nevent: submit_started\ndata: {}\n\n', () => stop.abort(reason));
    },
  });
  const waiting = client.waitForJob(id, { signal: stop.signal });
  await expect(waiting).rejects.toBe(reason);
  await closed.promise;
});

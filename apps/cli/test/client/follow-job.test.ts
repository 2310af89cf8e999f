import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { VideoJobWire } from '@video-proxy/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { followJob } from '../../src/client/follow-job.ts';
import { openServiceClient, ServiceAway } from '../../src/client/service-client.ts';

const id = 'video_01k00000000000000000000000';
const url = 'http://127.0.0.1/';

function jobIn(status: VideoJobWire['status'], phase: VideoJobWire['phase']): VideoJobWire {
  return {
    id,
    object: 'video.job',
    status,
    phase,
    provider: 'sandbox',
    model: 'google/veo-3.1-t2v-fast',
    prompt: null,
    parameters: {},
    metadata: {},
    progress: 0,
    queue_position: null,
    eta_seconds: null,
    created_at: 1,
    submitted_at: null,
    completed_at: null,
    failed_at: null,
    expires_at: null,
    attempt: 1,
    late: false,
    hold: null,
    generation_id: null,
    video: null,
    error: null,
    cost: { estimated_usd: null, held_usd: null },
    links: { self: url, watch: url, video: null, poster: null, events: url },
    request_id: 'req_1',
  };
}

const running = jobIn('in_progress', 'generating');
const ended = jobIn('failed', 'cancelled');

interface Script {
  /** Answers the n-th look at the job, from 0. */
  job(look: number, request: IncomingMessage, response: ServerResponse): void;
  events(request: IncomingMessage, response: ServerResponse): void;
}

/** A service that behaves badly on purpose, which the real one cannot be asked to do. */
async function serviceWith(script: Script) {
  let looks = 0;
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/events') === true) script.events(request, response);
    else script.job(looks++, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return openServiceClient({ origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, clientKey: null });
}

const answer = (response: ServerResponse, body: unknown, status = 200) =>
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));

const refusal = {
  error: { message: 'Redis is away', type: 'server_error', code: 'service_unavailable', param: null },
  request_id: 'req_2',
};

async function phasesOf(client: Awaited<ReturnType<typeof serviceWith>>): Promise<readonly string[]> {
  const phases: string[] = [];
  for await (const job of followJob(client, id, AbortSignal.timeout(15_000))) phases.push(job.phase);
  return phases;
}

test('without an event stream a waiting status request takes its place', async () => {
  const waits: (string | null)[] = [];
  const client = await serviceWith({
    job(look, request, response) {
      waits.push(new URL(request.url ?? '', url).searchParams.get('wait_seconds'));
      answer(response, look < 2 ? running : ended);
    },
    events: (_request, response) => answer(response, refusal, 404),
  });
  expect(await phasesOf(client)).toEqual(['generating', 'generating', 'cancelled']);
  expect(waits).toEqual(['0', '5', '5']);
});

test('a stream that breaks is resumed after the last event', async () => {
  const resumedAfter: unknown[] = [];
  const client = await serviceWith({
    job: (look, _request, response) => answer(response, look < 3 ? running : ended),
    events(request, response) {
      resumedAfter.push(request.headers['last-event-id']);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`id: ${resumedAfter.length}\nevent: submit_started\ndata: {}\n\n`, () => response.destroy());
    },
  });
  expect((await phasesOf(client)).at(-1)).toBe('cancelled');
  expect(resumedAfter.slice(0, 2)).toEqual([undefined, '1']);
});

test('a quiet stream does not hide progress: the job is looked at all the same', async () => {
  const client = await serviceWith({
    job: (look, _request, response) => answer(response, look < 1 ? running : ended),
    events: (_request, response) =>
      void response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': keep-alive\n\n'),
  });
  expect(await phasesOf(client)).toEqual(['generating', 'cancelled']);
});

test('a service that is away for a moment is waited for once it has been there', async () => {
  const client = await serviceWith({
    job: (look, _request, response) =>
      look === 1 ? answer(response, refusal, 503) : answer(response, look < 1 ? running : ended),
    events: (_request, response) => answer(response, refusal, 503),
  });
  expect(await phasesOf(client)).toEqual(['generating', 'cancelled']);
});

test('a service that was never there is not waited for', async () => {
  const client = openServiceClient({ origin: 'http://127.0.0.1:2', clientKey: null });
  await expect(phasesOf(client)).rejects.toThrow(ServiceAway);
});

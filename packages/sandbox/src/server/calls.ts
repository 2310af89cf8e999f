import { setTimeout as delay } from 'node:timers/promises';
import type { FastifyRequest } from 'fastify';
import { type RecordedRequest, shortened } from '../recorder.ts';
import type { SandboxState } from '../state.ts';
import type { Refusal } from '../wire/envelopes.ts';
import type { SandboxContext } from './context.ts';

/** What the request authenticated with. */
export function credentialOf(request: FastifyRequest, state: SandboxState): RecordedRequest['credential'] {
  const { authorization } = request.headers;
  if (authorization === undefined) return 'none';
  return state.keyAccepted && authorization === `Bearer ${state.apiKey}` ? 'accepted' : 'other';
}

/** The caller's own id for a request; anything but the documented characters is silently ignored, as documented. */
export function clientRequestIdOf(request: FastifyRequest): string | null {
  const header = request.headers['x-client-request-id'];
  return typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header) ? header : null;
}

export function recordCall(context: SandboxContext, request: FastifyRequest, kind: RecordedRequest['kind']): void {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (name !== 'authorization' && value !== undefined) headers[name] = String(value);
  }
  context.recorder.record({
    kind,
    atMs: Date.now(),
    method: request.method,
    path: request.url,
    headers,
    credential: credentialOf(request, context.state),
    body: shortened(request.body ?? null),
  });
}

/** Waits, but not beyond the life of the sandbox. */
export async function pause(context: SandboxContext, seconds: number): Promise<void> {
  if (seconds <= 0) return;
  await delay(seconds * 1000, undefined, { signal: context.closing }).catch(() => undefined);
}

/** Where the caller reaches this sandbox, for links it can follow. */
export function originOf(request: FastifyRequest): string {
  const { localAddress, localPort } = request.socket;
  return `http://${request.headers.host ?? `${localAddress}:${localPort}`}`;
}

export function badRequest(message: string, data?: unknown): Refusal {
  const base = { status: 400, name: 'BadRequestException', title: 'Bad Request', message };
  return data === undefined ? base : { ...base, data };
}

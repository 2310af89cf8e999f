import { hash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { isLocalCaller } from './http/local-caller.ts';
import { problem, Refusal } from './problem.ts';

export function presentedKey(header = ''): string | null {
  return /^Bearer +(\S+)$/i.exec(header)?.[1] ?? null;
}

export const sha256 = (text: string): Buffer => hash('sha256', text, 'buffer');

export function unauthorized(code: 'missing_api_key' | 'invalid_api_key', text: string): Refusal {
  return new Refusal(problem(code, text, 'authorization'));
}

/** While no keys are configured, programs on this machine are served, and in production nobody. */
export function assertLocal(request: FastifyRequest, production: boolean, keys: string, setting: string): void {
  if (!production && isLocalCaller(request.raw)) return;
  const reason = production
    ? `No ${keys} configured.`
    : `Without ${keys} only programs on the same machine are served, addressed directly as localhost.`;
  throw unauthorized('missing_api_key', `${reason} Set ${setting} and send Authorization: Bearer <key>.`);
}

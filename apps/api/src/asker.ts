import type { JsonObject, VideoJob } from '@video-proxy/core';
import type { FastifyRequest } from 'fastify';
import { problem, Refusal } from './problem.ts';

/** Who asks for or about video jobs: a client, or one named user of it. */
export interface Asker {
  readonly client: string;
  readonly user: string | null;
}

export function ownerOf({ client, user }: Asker): string {
  return user === null ? client : `${client}/${user}`;
}

/** A client sees all jobs that came with its key; a named user only their own. */
export function mayAccess(asker: Asker, job: Pick<VideoJob, 'owner'>): boolean {
  return job.owner === ownerOf(asker) || (asker.user === null && job.owner.startsWith(`${asker.client}/`));
}

/** Who orders a change of a job, and why: its owner, or an operator, who may change everybody's. */
export type Orderer =
  | { readonly role: 'owner'; readonly asker: Asker }
  | {
      readonly role: 'operator';
      readonly reason: string | null;
      /** What they call themselves: nobody has checked it. */
      readonly name?: string | null;
    };

/** The same for the history of the job. */
export function circumstancesOf(orderer: Orderer): JsonObject {
  return orderer.role === 'owner'
    ? { by: 'owner', who: ownerOf(orderer.asker) }
    : { by: 'operator', who: orderer.name ?? null, reason: orderer.reason };
}

declare module 'fastify' {
  interface FastifyRequest {
    /** The named user of the client, for the log; null when none was named. */
    owner: string | null;
  }
}

const userHeader = 'x-librechat-user-id';
const userLengthMax = 128;

/**
 * The asker behind an authenticated request. A user header that names nobody (empty, or a template that was not filled in)
 * is refused: taking it for "no user" would show one user's jobs to all.
 */
export function askerOf(request: FastifyRequest): Asker {
  if (request.client === null) throw new Error('askerOf is for routes with access: client');
  const given = request.headers[userHeader];
  if (given === undefined) return { client: request.client, user: null };
  const user = typeof given === 'string' ? decoded(given).trim() : '';
  if (user === '' || user.length > userLengthMax || user.includes('{{')) {
    const text = `X-LibreChat-User-Id must name a user in 1 to ${userLengthMax} characters; check the placeholder in the client's settings.`;
    throw new Refusal(problem('invalid_request', text, 'X-LibreChat-User-Id'));
  }
  const asker = { client: request.client, user: encodeURIComponent(user.toWellFormed()) };
  request.owner = ownerOf(asker);
  return asker;
}

export const ordererOf = (request: FastifyRequest): Orderer => ({ role: 'owner', asker: askerOf(request) });

/** LibreChat sends values beyond Latin-1 as `b64:` and base64 (measured). */
function decoded(value: string): string {
  return value.startsWith('b64:') ? Buffer.from(value.slice(4), 'base64').toString('utf8') : value;
}

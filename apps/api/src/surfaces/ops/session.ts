import type { OperatorSession } from '@video-proxy/contracts';
import type { ProviderName } from '@video-proxy/core';
import type { FastifyRequest } from 'fastify';
import { type Operator, operatorOf } from '../../operator-gate.ts';
import { pageTickets } from '../../page-tickets.ts';
import type { ApiServer } from '../../server.ts';

export interface SessionParts {
  readonly opsKey: string | null;
  readonly opsReadKey: string | null;
  readonly version: string;
  readonly provider: ProviderName;
  readonly now: () => number;
}

/** Where the queues beneath are shown (`surfaces/queue-board`). */
export const queuesPath = '/ops/queues';

const options = { config: { access: 'operator_read' }, schema: { hide: true } } as const;

export function addSessionRoutes(app: ApiServer, { opsKey, opsReadKey, version, provider, now }: SessionParts): void {
  const present = ({ role, key }: Operator): OperatorSession => ({
    role,
    authentication: key === null ? 'loopback' : 'key',
    version,
    provider,
    queues_path: queuesPath,
  });

  app.get('/ops/api/session', options, async (request) => present(operatorOf(request)));

  // Not a change of anything: whoever may look gets the ticket for pages that only show.
  app.post('/ops/api/session', options, async (request, reply) => {
    const operator = operatorOf(request);
    if (opsKey !== null) {
      const ticket = pageTickets({ opsKey, opsReadKey, now });
      reply.header('set-cookie', ticket.cookieFor(operator.role, { path: queuesPath, secure: isEncrypted(request) }));
    }
    return present(operator);
  });
}

function isEncrypted({ protocol }: FastifyRequest): boolean {
  return protocol === 'https';
}

import type { OperatorCredential } from '@video-proxy/contracts';
import type { JsonObject } from '@video-proxy/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { goneSignal } from '../../http/gone-signal.ts';
import type { OperatorAccount } from '../../operators/account.ts';
import { type Audit, audited } from '../../operators/audit.ts';
import type { ApiServer } from '../../server.ts';

export interface CredentialRouteParts {
  readonly account: OperatorAccount;
  readonly audit: Audit;
  /** Aborts when the process is to end. */
  readonly closing: AbortSignal;
}

export function addCredentialRoutes(app: ApiServer, { account, audit, closing }: CredentialRouteParts): void {
  app.get('/ops/api/credential', { config: { access: 'operator_read' }, schema: { hide: true } }, account.report);

  for (const order of ['probe', 'reload'] as const) {
    app.post(
      `/ops/api/credential/${order}`,
      { config: { access: 'operator' }, schema: { hide: true } },
      (request, reply) => carryOut(order, request, reply),
    );
  }

  function carryOut(order: 'probe' | 'reload', request: FastifyRequest, reply: FastifyReply) {
    const audits = { action: `credential.${order}`, target: { type: 'credential', id: null }, reason: null };
    return audited(audit, request, audits, async () => {
      const { credential: before } = await account.report();
      const answer = await account[order](goneSignal(reply, closing));
      const { message, credential: after } = answer;
      return { answer, message, before: standingOf(before), after: standingOf(after) };
    });
  }
}

function standingOf({ state, fingerprint }: OperatorCredential): JsonObject {
  return { state, fingerprint };
}

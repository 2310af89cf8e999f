import type { OperatorCredential } from '@video-proxy/contracts';
import type { JsonObject } from '@video-proxy/core';
import type { FastifyRequest } from 'fastify';
import type { Audit } from '../../audit.ts';
import { operatorOf } from '../../operator-gate.ts';
import type { OperatorAccount } from '../../operators/account.ts';
import type { ApiServer } from '../../server.ts';

export interface CredentialRouteParts {
  readonly account: OperatorAccount;
  readonly audit: Audit;
  /** Aborts when the process is to end. */
  readonly closing: AbortSignal;
}

const target = { type: 'credential', id: null } as const;

export function addCredentialRoutes(app: ApiServer, { account, audit, closing }: CredentialRouteParts): void {
  app.get('/ops/api/credential', { config: { access: 'operator_read' }, schema: { hide: true } }, account.report);

  for (const order of ['probe', 'reload'] as const) {
    app.post(`/ops/api/credential/${order}`, { config: { access: 'operator' }, schema: { hide: true } }, (request) =>
      carryOut(order, request),
    );
  }

  /** To its end, for the audit log, also when whoever ordered it has gone away. */
  async function carryOut(order: 'probe' | 'reload', request: FastifyRequest) {
    const { credential } = await account.report();
    const known = { operator: operatorOf(request), requestId: request.id, before: standingOf(credential) };
    return audit.carryOut({ ...known, action: `credential.${order}`, target, reason: null }, async () => {
      const result = await account[order](closing);
      return {
        result,
        outcome: 'done',
        message: result.message,
        said: result.said,
        after: standingOf(result.credential),
      };
    });
  }
}

function standingOf({ state, fingerprint }: OperatorCredential): JsonObject {
  return { state, fingerprint };
}

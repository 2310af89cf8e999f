import { pauseBody, resumeBody } from '@video-proxy/contracts';
import type { JsonObject, OpsHold } from '@video-proxy/core';
import type { PauseChange } from '@video-proxy/ledger';
import { writePause } from '@video-proxy/telemetry';
import type { FastifyRequest } from 'fastify';
import type { Audit } from '../../audit.ts';
import { operatorOf } from '../../operator-gate.ts';
import type { Dispatch } from '../../operators/dispatch.ts';
import { unixSeconds } from '../../presentation/view.ts';
import type { ApiServer } from '../../server.ts';

export interface DispatchRouteParts {
  readonly dispatch: Dispatch;
  readonly audit: Audit;
}

const target = { type: 'dispatch', id: null } as const;
const config = { access: 'operator' } as const;

/** Pausing and resuming all submissions. */
export function addDispatchRoutes(app: ApiServer, { dispatch, audit }: DispatchRouteParts): void {
  const carryOut = (
    request: FastifyRequest,
    order: { readonly action: `dispatch.${'pause' | 'resume'}`; readonly reason: string | null },
    change: () => Promise<PauseChange>,
  ) => {
    const known = { operator: operatorOf(request), target, requestId: request.id, before: null };
    return audit.carryOut({ ...known, ...order }, async () => {
      const { before, after } = await change();
      writePause(app.log, { before, after }, { requestId: request.id });
      const result = await dispatch.state();
      return { result, outcome: 'done', message: null, before: pauseOf(before), after: pauseOf(after) };
    });
  };

  app.post('/ops/api/dispatch/pause', { config, schema: { hide: true, body: pauseBody } }, (request) => {
    const { body } = request;
    const order = { action: 'dispatch.pause', reason: body.reason } as const;
    return carryOut(request, order, () => dispatch.pause(body, operatorOf(request)));
  });

  const resumeOptions = { config, schema: { hide: true, body: resumeBody.prefault({}) } };
  app.post('/ops/api/dispatch/resume', resumeOptions, (request) =>
    carryOut(request, { action: 'dispatch.resume', reason: request.body.reason || null }, dispatch.resume),
  );
}

function pauseOf(hold: OpsHold | null): JsonObject | null {
  if (hold === null) return null;
  const until = hold.untilMs === null ? null : unixSeconds(hold.untilMs);
  return { reason: hold.message, by: hold.by, since: unixSeconds(hold.sinceMs), until };
}

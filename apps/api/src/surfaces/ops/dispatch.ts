import { type DispatchState, type PauseBody, pauseBody, resumeBody } from '@video-proxy/contracts';
import type { JsonObject, OpsHold } from '@video-proxy/core';
import type { PauseChange } from '@video-proxy/ledger';
import { operatorOf } from '../../operator-gate.ts';
import { type Audit, audited, type Effect } from '../../operators/audit.ts';
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
  const effectOf = async ({ before, after }: PauseChange): Promise<Effect<DispatchState>> => ({
    answer: await dispatch.state(),
    message: null,
    before: pauseOf(before),
    after: pauseOf(after),
  });

  app.post('/ops/api/dispatch/pause', { config, schema: { hide: true, body: pauseBody } }, (request) => {
    const order: PauseBody = request.body;
    return audited(audit, request, { action: 'dispatch.pause', target, reason: order.reason }, async () =>
      effectOf(await dispatch.pause(order, operatorOf(request))),
    );
  });

  const resumeOptions = { config, schema: { hide: true, body: resumeBody.prefault({}) } };
  app.post('/ops/api/dispatch/resume', resumeOptions, (request) => {
    const reason = request.body.reason || null;
    return audited(audit, request, { action: 'dispatch.resume', target, reason }, async () =>
      effectOf(await dispatch.resume()),
    );
  });
}

function pauseOf(hold: OpsHold | null): JsonObject | null {
  if (hold === null) return null;
  const until = hold.untilMs === null ? null : unixSeconds(hold.untilMs);
  return { reason: hold.message, by: hold.by, since: unixSeconds(hold.sinceMs), until };
}

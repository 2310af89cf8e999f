import { isDeepStrictEqual } from 'node:util';
import { type BulkBody, type BulkPreview, bulkBody } from '@video-proxy/contracts';
import { bulkStopped, type JsonObject } from '@video-proxy/core';
import type { BulkRun } from '@video-proxy/ledger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { notAdmitted } from '../../admission.ts';
import { type OperatorOrder, refusedBy } from '../../audit.ts';
import { readOnlyKey } from '../../authentication.ts';
import { operatorOf } from '../../operator-gate.ts';
import { presentPlan, presentRun } from '../../presentation/bulk.ts';
import { unixSeconds } from '../../presentation/view.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { planBulk } from '../../video-jobs/bulk.ts';
import { filterOf, wordsOf } from '../../video-jobs/search.ts';
import type { OpsParts } from './parts.ts';

const runParams = z.object({ id: z.string() });
const reading = { config: { access: 'operator_read' }, schema: { hide: true } } as const;
const runsShown = 50;

export function addBulkRoutes(app: ApiServer, parts: OpsParts): void {
  const { ledger } = parts;

  // A dry run changes nothing: whoever may look may have it.
  app.post(
    '/ops/api/jobs/bulk',
    { config: { access: 'operator_read' }, schema: { hide: true, body: bulkBody } },
    async (request, reply) => {
      const { body } = request;
      if (!body.dry_run) return reply.code(202).send(await presented(parts, await start(parts, request, body)));
      return reply.send(preview(await plan(parts, body)));
    },
  );

  app.get('/ops/api/bulk', reading, async (_request, reply) => {
    const runs = await ledger.bulk.list(runsShown);
    const data = (await Promise.all(runs.map((run) => presented(parts, run)))).filter((run) => run !== null);
    return reply.header('cache-control', 'no-store').send({ data });
  });

  app.get('/ops/api/bulk/:id', { ...reading, schema: { hide: true, params: runParams } }, async (request, reply) => {
    const run = await ledger.bulk.get(request.params.id);
    const wire = run === null ? null : await presented(parts, run);
    if (wire === null) throw noSuchRun();
    return reply.header('cache-control', 'no-store').send(wire);
  });

  app.post(
    '/ops/api/bulk/:id/stop',
    { config: { access: 'operator' }, schema: { hide: true, params: runParams } },
    async (request, reply) => reply.send(await stop(parts, request, request.params.id)),
  );
}

async function presented({ ledger }: OpsParts, run: BulkRun) {
  return presentRun(run, await ledger.bulk.problems(run.id));
}

function preview(run: BulkRun): BulkPreview {
  return { ...presentPlan(run), object: 'bulk.preview', expires_at: unixSeconds(run.expiresAtMs) };
}

/** The jobs that the filter finds now. One without any condition would mean every job there is. */
async function plan(parts: OpsParts, { action, filter }: BulkBody): Promise<BulkRun> {
  const { ids, words, ...conditions } = filter;
  const count = Object.keys(filter).length - (ids === undefined ? 0 : 1);
  if (ids === undefined && count === 0) throw invalid('`filter` needs at least one condition.');
  if (ids !== undefined && count > 0) throw invalid('`ids` stands alone in `filter`.');
  // `undefined` is not JSON, and zod leaves no such key.
  const written = filter as JsonObject;
  if (ids !== undefined) return planBulk(parts, action, { filter: written, meant: { ids: [...new Set(ids)] } });
  const meant = filterOf(parts, conditions);
  if (meant === null) return planBulk(parts, action, { filter: written, meant: { ids: [] } });
  const searched = words === undefined ? meant : { ...meant, words: wordsOf(words) };
  return planBulk(parts, action, { filter: written, meant: searched });
}

async function start(parts: OpsParts, request: FastifyRequest, body: BulkBody): Promise<BulkRun> {
  const operator = operatorOf(request);
  if (operator.role === 'operator_read') throw new Refusal(readOnlyKey);
  const closed = body.action === 'retry' ? notAdmitted(parts) : null;
  if (closed !== null) throw new Refusal(closed);
  const planned =
    body.preview_id === undefined ? await plan(parts, body) : await previewed(parts, body, body.preview_id);
  const reason = body.reason || null;
  const asked: OperatorOrder = {
    operator,
    action: `bulk.${body.action}`,
    target: { type: 'bulk', id: planned.id },
    reason,
    requestId: request.id,
    before: {
      filter: planned.plan.filter,
      count: planned.total,
      unsafe: planned.plan.unsafe,
      confirm_cost: body.confirm_cost,
      estimated_usd: planned.plan.estimatedUsd,
    },
  };
  const audit = await parts.audit.open(asked);
  const { confirm_cost: confirmCost } = body;
  const order = { operator, reason, confirmCost, startedAtMs: parts.now(), audit };
  if (!(await parts.ledger.bulk.start(planned.id, order))) {
    await parts.audit.close(audit, { ...refusedBy(previewGone.problem), after: null });
    throw previewGone;
  }
  const run = await parts.ledger.bulk.get(planned.id);
  if (run === null) throw noSuchRun();
  return run;
}

async function previewed({ ledger }: OpsParts, { action, filter }: BulkBody, id: string): Promise<BulkRun> {
  const run = await ledger.bulk.get(id);
  if (run === null || run.state !== 'preview') throw previewGone;
  if (run.plan.action !== action) throw invalid(`This preview is of a ${run.plan.action}.`, 'preview_id');
  // Other jobs than those of `filter` would be changed.
  if (!isDeepStrictEqual(run.plan.filter, filter)) throw invalid('This preview is of another filter.', 'preview_id');
  return run;
}

async function stop(parts: OpsParts, request: FastifyRequest, id: string) {
  const before = await parts.ledger.bulk.get(id);
  if (before === null || before.order === null) throw noSuchRun();
  const order: OperatorOrder = {
    operator: operatorOf(request),
    action: 'bulk.stop',
    target: { type: 'bulk', id },
    reason: null,
    requestId: request.id,
    before: { state: before.state, through: before.cursor, total: before.total },
  };
  const stopped = await parts.audit.carryOut(order, async () => {
    if (!(await parts.ledger.bulk.stop(id, parts.now()))) {
      throw new Refusal(problem('already_ended', 'This bulk action has ended: there is nothing to stop.'));
    }
    const run = (await parts.ledger.bulk.get(id)) ?? before;
    const { state, done, failed, skipped, total } = run;
    const after = { state, done, failed, skipped, total };
    if (run.order !== null) {
      await parts.audit.close(run.order.audit, { outcome: 'done', ...bulkStopped, after });
    }
    return { result: run, outcome: 'done' as const, message: null, after };
  });
  return presented(parts, stopped);
}

const previewGone = new Refusal(
  problem(
    'not_found',
    'This preview is older than fifteen minutes, or was started already: ask for another.',
    'preview_id',
  ),
);

function noSuchRun(): Refusal {
  return new Refusal(problem('not_found', 'There is no such bulk action.'));
}

function invalid(message: string, param = 'filter'): Refusal {
  return new Refusal(problem('invalid_request', message, param));
}

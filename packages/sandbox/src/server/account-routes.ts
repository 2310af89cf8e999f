import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { creditsPerUsd } from '../generations/account.ts';
import { phaseOf } from '../generations/generation.ts';
import type { Tracked } from '../generations/store.ts';
import type { CallKind } from '../recorder.ts';
import { tooManyRequests } from '../wire/troubles.ts';
import { refuse } from './answers.ts';
import { badRequest } from './calls.ts';
import type { SandboxContext } from './context.ts';
import { createWindow } from './rate-window.ts';
import { type Answer, scripted } from './scripted.ts';

/** Balance, key and log of calls: everything that tells about the account without costing anything. */
export function addAccountRoutes(app: FastifyInstance, context: SandboxContext): void {
  const logWindow = createWindow({ callsMax: 200, windowMs: 60_000 });
  const route = (path: string, kind: CallKind, answer: Answer): void => {
    app.get(path, { config: { sandbox: { kind } } }, scripted(context, kind, answer));
  };

  route('/v2/billing', 'billing', () => {
    context.store.settle(Date.now());
    return { current_balance: context.store.account.balanceUsd, currency: 'USD' };
  });
  route('/v1/billing/balance', 'billing', () => {
    context.store.settle(Date.now());
    const balance = Math.round(context.store.account.balanceUsd * creditsPerUsd);
    return { balance, lowBalance: false, lowBalanceThreshold: 0, autoDebitStatus: 'disabled', status: 'current' };
  });
  route('/v1/key', 'key', () => ({
    data: {
      name: 'sandbox',
      disabled: false,
      prefix: context.state.apiKey.slice(0, 8),
      scopes: null,
      limit: null,
      monthly_usage: 0,
    },
  }));
  route('/v2/logs', 'logs', (request, reply) => {
    if (!logWindow.admits(Date.now())) return refuse(request, reply, tooManyRequests);
    const query = logsQuery.safeParse(request.query);
    if (!query.success)
      return refuse(request, reply, badRequest('Invalid payload provided', query.error.issues), 'problem');
    return logsPage(context, query.data, Date.now());
  });
}

const hoursByUnit = { h: 1, d: 24 } as const;

const logsQuery = z.object({
  period: z
    .string()
    .regex(/^\d{1,4}[hd]$/)
    .default('24h'),
  start: z.iso.datetime({ offset: true }).optional(),
  end: z.iso.datetime({ offset: true }).optional(),
  model: z.string().optional(),
  status: z.enum(['succeeded', 'failed']).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
  offset: z.coerce.number().int().min(0).default(0),
});

type LogsQuery = z.output<typeof logsQuery>;

/** Newest first. Shows accepted create requests only; how soon they appear at the real provider is unknown. */
function logsPage(context: SandboxContext, query: LogsQuery, nowMs: number): object {
  const { limit, offset } = query;
  const [fromMs, untilMs] = spanOf(query, nowMs);
  const rows = [...context.store.all()]
    .filter(({ generation, behaviour }) => {
      const visibleAtMs = generation.createdAtMs + behaviour.logsDelaySeconds * 1000;
      return generation.createdAtMs >= fromMs && generation.createdAtMs <= untilMs && visibleAtMs <= nowMs;
    })
    .map((tracked) => logRow(tracked, nowMs))
    .filter((row) => query.model === undefined || row.model === query.model)
    .filter((row) => query.status === undefined || row.status === query.status)
    .reverse();
  return {
    data: rows.slice(offset, offset + limit),
    pagination: { limit, offset, total: rows.length, has_more: offset + limit < rows.length },
  };
}

function spanOf({ period, start, end }: LogsQuery, nowMs: number): [fromMs: number, untilMs: number] {
  if (start !== undefined && end !== undefined) return [Date.parse(start), Date.parse(end)];
  const unit = period.endsWith('d') ? 'd' : 'h';
  return [nowMs - Number.parseInt(period, 10) * hoursByUnit[unit] * 3_600_000, nowMs];
}

function logRow({ generation, behaviour }: Tracked, nowMs: number) {
  const failed = phaseOf(generation, behaviour, nowMs) === 'failed';
  const credits = failed ? 0 : generation.costCredits;
  return {
    created: new Date(generation.createdAtMs).toISOString(),
    status: failed ? 'failed' : 'succeeded',
    origin: 'api',
    model: generation.model,
    cost: { usd: credits / creditsPerUsd, credits },
    request_id: generation.requestId,
    inference_id: generation.id,
    client_request_id: generation.clientRequestId,
  };
}

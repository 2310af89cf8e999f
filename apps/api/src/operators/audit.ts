import type { JsonObject } from '@video-proxy/core';
import type { FastifyBaseLogger, FastifyRequest } from 'fastify';
import { type Operator, operatorOf } from '../operator-gate.ts';
import { Refusal } from '../problem.ts';

/** Something that an operator ordered, and what became of it. */
export interface AuditedAction {
  readonly operator: Operator;
  /** Such as `dispatch.pause`. */
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string | null };
  readonly reason: string | null;
  readonly outcome: 'done' | 'refused' | 'failed';
  /** Why it was refused, or failed. */
  readonly message: string | null;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  readonly requestId: string;
}

/** Where it is kept who changed what. */
export interface Audit {
  record(action: AuditedAction): Promise<unknown>;
}

/** One line an order; reasons are words of people, and no log is the place for them. */
export function auditInLog(log: FastifyBaseLogger): Audit {
  return {
    async record({ operator, action, target, outcome, requestId }) {
      log.info({ operator, action, target, outcome, requestId }, 'an operator gave an order');
    },
  };
}

export type AuditedOrder = Pick<AuditedAction, 'action' | 'target' | 'reason'>;

/** What an order did, for the audit, and the answer to it. */
export interface Effect<Answer> extends Pick<AuditedAction, 'before' | 'after' | 'message'> {
  readonly answer: Answer;
}

/** Carries out an order and writes down who gave it and what became of it, also when nothing did. */
export async function audited<Answer>(
  audit: Audit,
  request: FastifyRequest,
  order: AuditedOrder,
  carryOut: () => Promise<Effect<Answer>>,
): Promise<Answer> {
  const known = { ...order, operator: operatorOf(request), requestId: request.id };
  try {
    const { answer, ...effect } = await carryOut();
    await audit.record({ ...known, ...effect, outcome: 'done' });
    return answer;
  } catch (error) {
    const isRefusal = error instanceof Refusal;
    const message = isRefusal ? error.message : 'It ended in an unexpected error.';
    const outcome = isRefusal ? 'refused' : 'failed';
    await audit.record({ ...known, outcome, message, before: null, after: null });
    throw error;
  }
}

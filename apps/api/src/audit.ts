import type { JsonValue } from '@video-proxy/core';
import type { AuditRecord, Ledger } from '@video-proxy/ledger';
import type { Operator } from './operator-gate.ts';
import { Refusal } from './problem.ts';

/** What an operator orders. */
export interface OperatorOrder {
  readonly operator: Operator;
  /** `job.retry`, `dispatch.pause`, … */
  readonly action: string;
  readonly target: AuditRecord['target'];
  readonly reason: string | null;
  readonly requestId: string;
  /** What is there before: never a prompt or a secret. */
  readonly before: JsonValue;
}

/** What became of an order, beside whatever the caller wants to know itself. */
export interface OrderOutcome<Result> {
  readonly result: Result;
  readonly outcome: 'done' | 'refused';
  readonly message: string | null;
  readonly after: JsonValue;
}

/** The log of what operators have changed. */
export interface Audit {
  /** Something that has happened already. */
  record(entry: Omit<AuditRecord, 'atMs' | 'finishedAtMs' | 'requestId'> & { requestId: string }): Promise<string>;
  /**
   * Writes the order down, then has it carried out, then writes what became of it: nothing is ever changed without an entry.
   * An entry that stays `asked` is one whose process died in between.
   */
  carryOut<Result>(order: OperatorOrder, run: () => Promise<OrderOutcome<Result>>): Promise<Result>;
}

export function openAudit({
  ledger,
  now,
}: {
  readonly ledger: Pick<Ledger, 'audit'>;
  readonly now: () => number;
}): Audit {
  return {
    record: (entry) => ledger.audit.write({ ...entry, atMs: now(), finishedAtMs: now() }),

    async carryOut(order, run) {
      const asked: AuditRecord = {
        ...order,
        atMs: now(),
        outcome: 'asked',
        message: null,
        after: null,
        finishedAtMs: null,
      };
      const id = await ledger.audit.write(asked);
      const finish = async (known: Pick<AuditRecord, 'outcome' | 'message' | 'after'>) =>
        void (await ledger.audit.rewrite(id, { ...asked, ...known, finishedAtMs: now() }));
      try {
        const { result, outcome, message, after } = await run();
        await finish({ outcome, message, after });
        return result;
      } catch (error) {
        await finish({ ...whatEnded(error), after: null });
        throw error;
      }
    },
  };
}

function whatEnded(error: unknown): Pick<AuditRecord, 'outcome' | 'message'> {
  return error instanceof Refusal
    ? { outcome: 'refused', message: error.problem.message }
    : { outcome: 'failed', message: 'Something went wrong: the log of the service has this request.' };
}

import type { AuditAction, AuditTargetType } from '@video-proxy/contracts';
import { type JsonValue, type Said, said } from '@video-proxy/core';
import type { AuditRecord, Ledger } from '@video-proxy/ledger';
import type { Operator } from './operator-gate.ts';
import { type Problem, Refusal } from './problem.ts';

/** What an operator orders. */
export interface OperatorOrder {
  readonly operator: Operator;
  readonly action: AuditAction;
  readonly target: { readonly type: AuditTargetType; readonly id: string | null };
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
  readonly said?: Said | null;
  /** What was there, where only the change itself can tell. */
  readonly before?: JsonValue;
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
  /** The two halves of it, for what somebody else carries out. */
  open(order: OperatorOrder): Promise<OpenEntry>;
  close(
    entry: OpenEntry,
    known: Pick<AuditRecord, 'outcome' | 'message' | 'said' | 'after'> & { readonly before?: JsonValue },
  ): Promise<void>;
}

export interface OpenEntry {
  readonly id: string;
  readonly record: AuditRecord;
}

export function openAudit({
  ledger,
  now,
}: {
  readonly ledger: Pick<Ledger, 'audit'>;
  readonly now: () => number;
}): Audit {
  const open: Audit['open'] = async (order) => {
    const record = {
      ...order,
      atMs: now(),
      outcome: 'asked',
      message: null,
      after: null,
      finishedAtMs: null,
    } as const;
    return { id: await ledger.audit.write(record), record };
  };
  const close: Audit['close'] = async ({ id, record }, known) => {
    await ledger.audit.rewrite(id, { ...record, ...known, finishedAtMs: now() });
  };

  return {
    record: (entry) => ledger.audit.write({ ...entry, atMs: now(), finishedAtMs: now() }),

    open,
    close,

    async carryOut(order, run) {
      const entry = await open(order);
      try {
        const { result, ...known } = await run();
        await close(entry, known);
        return result;
      } catch (error) {
        await close(entry, { ...whatEnded(error), after: null });
        throw error;
      }
    },
  };
}

function whatEnded(error: unknown): Pick<AuditRecord, 'outcome' | 'message' | 'said'> {
  if (error instanceof Refusal) return refusedBy(error.problem);
  const message = 'Something went wrong: the log of the service has this request.';
  return { outcome: 'failed', message, said: said('problem_internal_error') };
}

/** An order that came to nothing, in the words that whoever ordered it reads. */
export function refusedBy({ code, message, param }: Problem) {
  return { outcome: 'refused', message, said: said(`problem_${code}`, { param }) } as const;
}

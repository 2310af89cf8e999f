import { type FindOutcome, type LostRequest, type Remark, remark } from '@video-proxy/core';
import { logPageOf } from './account-outcomes.ts';
import type { LogRow } from './answers.ts';
import { type Call, evidenceOfSilence, providerRequestIdOf } from './evidence.ts';
import type { Reply } from './exchange.ts';

export type LogPeriod = '1h' | '24h';
export const rowsPerPage = 100;
/** The log holds all requests of the account, chat included, and allows 200 looks a minute for all of them (docs). */
const pagesMax = 20;
/** The provider's clock and ours may differ by this much. */
const clockSlackMs = 600_000;
const hourMs = 3_600_000;

export type AskLogPage = (period: LogPeriod, offset: number) => Promise<Reply>;

/**
 * Searches the provider's request log for a client request id. `absent` is only said after every row was seen that is not
 * older than the request. The order of rows is not documented: only where it is seen to be newest first, the rest is left out.
 * A request that was turned away by a rate limit is sent again under the same id: its failed row must not hide the other one.
 */
export async function findInLog(
  { clientRequestId, sentAtMs }: LostRequest,
  call: Call,
  nowMs: number,
  ask: AskLogPage,
): Promise<FindOutcome> {
  const notBeforeMs = sentAtMs - clockSlackMs;
  const period = nowMs - notBeforeMs < hourMs ? '1h' : '24h';
  let failed: FindOutcome | null = null;
  for (let number = 0; number < pagesMax; number += 1) {
    const reply = await ask(period, number * rowsPerPage);
    const read = logPageOf(reply, call);
    if ('unavailable' in read) return read.unavailable;
    const { rows, hasMore, backToMs } = read.page;
    const own = rows.filter((row) => row.clientRequestId === clientRequestId);
    const taken = own.filter((row) => !row.hasFailed);
    const accepted = generationIn(taken, reply, call);
    if (accepted !== null) return accepted;
    if (taken.length > 0) {
      return unavailable(withoutId, call);
    }
    // A generation that failed, about which a poll tells more; a request that was refused never had one.
    failed ??= generationIn(own, reply, call);
    if (!hasMore || (backToMs !== null && backToMs < notBeforeMs)) {
      return failed ?? { kind: 'absent', ...providerRequestIdOf(reply, call) };
    }
  }
  return failed ?? unavailable(beyondReach, call);
}

const withoutId = remark('the request is in the log, without a generation id so far', 'answer_log_without_id');
const rowsMax = pagesMax * rowsPerPage;
const beyondReach = remark(`the request is not among the first ${rowsMax} of the log`, 'answer_log_without_request', {
  rows: rowsMax,
});

function generationIn(rows: readonly LogRow[], reply: Reply, call: Call): FindOutcome | null {
  for (const { generationId, requestId } of rows) {
    if (generationId !== null) return { kind: 'found', generationId, ...providerRequestIdOf(reply, call, requestId) };
  }
  return null;
}

function unavailable(own: Remark, call: Call): FindOutcome {
  return { kind: 'unavailable', evidence: evidenceOfSilence({ remark: own }, call) };
}

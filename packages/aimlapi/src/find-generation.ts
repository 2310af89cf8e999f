import type { FindOutcome, LostRequest } from '@video-proxy/core';
import { logPageOf } from './account-outcomes.ts';
import { type Call, evidenceOfSilence } from './evidence.ts';
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
 */
export async function findInLog(
  { clientRequestId, sentAtMs }: LostRequest,
  call: Call,
  nowMs: number,
  ask: AskLogPage,
): Promise<FindOutcome> {
  const notBeforeMs = sentAtMs - clockSlackMs;
  const period = nowMs - notBeforeMs < hourMs ? '1h' : '24h';
  for (let number = 0; number < pagesMax; number += 1) {
    const read = logPageOf(await ask(period, number * rowsPerPage), call);
    if ('unavailable' in read) return read.unavailable;
    const { rows, hasMore, backToMs } = read.page;
    const row = rows.find((candidate) => candidate.clientRequestId === clientRequestId);
    if (row?.generationId) return { kind: 'found', generationId: row.generationId };
    // Logged without a generation: a failed request never had one, another may get one.
    if (row?.hasFailed) return { kind: 'absent' };
    if (row) return unavailable('the request is in the log, without a generation id so far', call);
    if (!hasMore || (backToMs !== null && backToMs < notBeforeMs)) return { kind: 'absent' };
  }
  return unavailable(`the request is not among the first ${pagesMax * rowsPerPage} of the log`, call);
}

function unavailable(finding: string, call: Call): FindOutcome {
  return { kind: 'unavailable', evidence: evidenceOfSilence({ finding }, call) };
}

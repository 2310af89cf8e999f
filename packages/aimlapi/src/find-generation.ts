import type { FindOutcome } from '@video-proxy/core';
import { logPageOf } from './account-outcomes.ts';
import { type Call, evidenceOfSilence } from './evidence.ts';
import type { Reply } from './exchange.ts';

/** The last hour finds a create that was just lost, the last day one that an operator asks for later. */
const periods = ['1h', '24h'] as const;
export const rowsPerPage = 100;
/** Per period. The log allows 200 requests a minute for the whole account (docs). */
const pagesMax = 5;

export type AskLogPage = (period: (typeof periods)[number], offset: number) => Promise<Reply>;

/**
 * Searches the provider's request log for a client request id. `absent` is only said after every row was seen; the order of
 * rows is not documented.
 */
export async function findInLog(clientRequestId: string, call: Call, ask: AskLogPage): Promise<FindOutcome> {
  let outcome: FindOutcome = { kind: 'absent' };
  for (const period of periods) {
    outcome = await findInPeriod(clientRequestId, call, (offset) => ask(period, offset));
    if (outcome.kind === 'found') return outcome;
  }
  return outcome;
}

async function findInPeriod(
  clientRequestId: string,
  call: Call,
  ask: (offset: number) => Promise<Reply>,
): Promise<FindOutcome> {
  const remark = (finding: string): FindOutcome => ({
    kind: 'unavailable',
    evidence: evidenceOfSilence({ finding }, call),
  });
  for (let number = 0; number < pagesMax; number += 1) {
    const read = logPageOf(await ask(number * rowsPerPage), call);
    if ('unavailable' in read) return read.unavailable;
    const row = read.page.rows.find((candidate) => candidate.clientRequestId === clientRequestId);
    if (row?.generationId) return { kind: 'found', generationId: row.generationId };
    // Logged without a generation: a failed request never had one, another may get one.
    if (row)
      return row.hasFailed ? { kind: 'absent' } : remark('the request is in the log, without a generation id so far');
    if (!read.page.hasMore) return { kind: 'absent' };
  }
  return remark(`the request is not among the first ${pagesMax * rowsPerPage} of the log`);
}

import { setTimeout as pause } from 'node:timers/promises';
import type { Connection } from '@video-proxy/client';
import { type BulkPreview, type BulkRunWire, bulkPreview, bulkRun } from '@video-proxy/contracts';
import type { CommandContext } from '../command-context.ts';
import { openLiveLine } from '../live-line.ts';
import { type ExitCode, exitCodes, Problem } from '../problem.ts';
import type { Output } from '../terminal.ts';
import { type OpsOptions, operatorsApi } from './operators-api.ts';

export interface RetryOptions extends OpsOptions {
  readonly group?: string;
  readonly code?: string;
  readonly owner?: string;
  readonly model?: string;
  readonly reason?: string;
  readonly yes: boolean;
  readonly confirmCost: boolean;
}

const lookEachMs = 500;

/** Retries many failed jobs: always shows first what that would do; does it with `--yes`, about exactly what was shown. */
export async function retry(ids: readonly string[], options: RetryOptions, context: CommandContext): Promise<ExitCode> {
  const { terminal, interrupted: signal } = context;
  const api = operatorsApi(options, context);
  const order = { action: 'retry', filter: filterOf(ids, options) };
  const body = { ...order, dry_run: true };
  const preview = await api.ask(bulkPreview, 'POST', '/ops/api/jobs/bulk', { signal, body });
  if (!options.json) printPreview(preview, terminal.out);
  if (!options.yes || preview.count === 0) {
    if (options.json) terminal.out.line(JSON.stringify(preview, null, 2));
    else if (preview.count > 0) terminal.err.line('Nothing was changed. Do it with --yes.');
    // A condition may well find nothing; whoever names jobs means them.
    if (ids.length === 0 || preview.count > 0) return exitCodes.ok;
    terminal.err.line(preview.matched === 0 ? 'No such job.' : 'They are still under way, or completed.');
    return exitCodes.failed;
  }
  const reason = options.reason === undefined ? {} : { reason: options.reason };
  const consent = { preview_id: preview.id, confirm_cost: options.confirmCost, dry_run: false };
  const begun = await api.ask(bulkRun, 'POST', '/ops/api/jobs/bulk', {
    signal,
    body: { ...order, ...consent, ...reason },
  });
  const run = await follow(api, begun, context);
  if (options.json) terminal.out.line(JSON.stringify(run, null, 2));
  else printRun(run, terminal.out);
  return run.state === 'finished' && run.failed === 0 ? exitCodes.ok : exitCodes.failed;
}

function filterOf(ids: readonly string[], { group, code, owner, model }: RetryOptions) {
  const given = { ...(ids.length === 0 ? {} : { ids }), group, code, owner, model };
  const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  if (Object.keys(filter).length > 0) return filter;
  const advice = ['Name job ids, or use --group (see: npx video-proxy ops failures), --code, --owner or --model.'];
  throw new Problem('Which jobs?', advice, exitCodes.usage);
}

async function follow(api: Connection, begun: BulkRunWire, context: CommandContext): Promise<BulkRunWire> {
  const live = openLiveLine(context.terminal.err);
  try {
    for (let run = begun; ; ) {
      const settled = run.done + run.failed + run.skipped;
      live.show(`${settled} of ${run.total}`, `${run.state}: ${settled} of ${run.total}`);
      if (run.state === 'finished' || run.state === 'stopped') return run;
      await pause(lookEachMs, undefined, { signal: context.interrupted });
      run = await api.ask(bulkRun, 'GET', `/ops/api/bulk/${run.id}`, { signal: context.interrupted });
    }
  } catch (error) {
    if (!context.interrupted.aborted) throw error;
    const advice = ['A worker carries it out, whether somebody watches or not.'];
    throw new Problem(`Stopped watching. The retry goes on: ${begun.id}`, advice, exitCodes.interrupted);
  } finally {
    live.end();
  }
}

function printPreview({ count, unsafe, estimated_usd, by_code, truncated }: BulkPreview, out: Output): void {
  const price = estimated_usd === null ? 'the price is not known' : `about ${estimated_usd.toFixed(2)} USD`;
  out.line(`${count} jobs would be sent again, ${price}${truncated ? '; there are more than one run takes' : ''}`);
  for (const { code, count: failed } of by_code) out.line(`  ${String(failed).padStart(5)}  ${code}`);
  if (unsafe > 0) {
    out.line(out.paint('yellow', `  ${unsafe} may have been billed: left out unless you add --confirm-cost`));
  }
}

function printRun({ state, done, failed, skipped, problems }: BulkRunWire, out: Output): void {
  out.line(`${state}: ${done} sent again, ${failed} failed, ${skipped} skipped`);
  for (const { job_id, message } of problems) out.line(`  ${job_id}  ${message}`);
}

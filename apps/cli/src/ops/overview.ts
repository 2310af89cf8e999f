import { type AttentionItem, type OperatorOverview, operatorOverview } from '@video-proxy/contracts';
import type { CommandContext } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../problem.ts';
import type { Output, Style } from '../terminal.ts';
import { type OpsOptions, operatorsApi } from './operators-api.ts';

const healthStyles = { ok: 'green', degraded: 'yellow', down: 'red' } as const satisfies Record<string, Style>;
const severityStyles = { critical: 'red', warning: 'yellow', info: 'cyan' } as const satisfies Record<string, Style>;

/** Is it healthy, what is it doing, what needs somebody. Ends with 1 while something is critical, so that a script can ask. */
export async function overview(options: OpsOptions, context: CommandContext): Promise<ExitCode> {
  const { out } = context.terminal;
  const signal = context.interrupted;
  const seen = await operatorsApi(options, context).ask(operatorOverview, 'GET', '/ops/api/overview', { signal });
  if (options.json) out.line(JSON.stringify(seen, null, 2));
  else print(seen, out);
  return seen.attention.some(({ severity }) => severity === 'critical') ? exitCodes.failed : exitCodes.ok;
}

function print({ health, attention, jobs, hours, waiting, workers, paused }: OperatorOverview, out: Output): void {
  out.line(`${out.paint(healthStyles[health], health)}, ${workers.workers.length} workers, ${jobs.total} jobs`);
  if (paused !== null) out.line(`submissions are paused: ${paused.reason}`);
  for (const item of attention) printItem(item, out);
  const sum = (count: (hour: OperatorOverview['hours'][number]) => number) =>
    hours.reduce((total, hour) => total + count(hour), 0);
  out.line(`waiting       ${waiting.jobs} of ${waiting.owners} owners`);
  out.line(`last 24 hours ${sum((hour) => hour.completed)} completed, ${sum((hour) => hour.failed)} failed`);
}

function printItem({ severity, title, detail, action, provider }: AttentionItem, out: Output): void {
  out.line(`${out.paint(severityStyles[severity], severity)} ${out.paint('bold', title)}`);
  out.line(`  ${detail}`);
  if (provider?.request_id != null) out.line(`  provider request id ${provider.request_id}`);
  if (action !== null) out.line(`  → ${action}`);
}

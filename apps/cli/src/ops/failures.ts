import { type FailureGroup, failureGroups } from '@video-proxy/contracts';
import type { CommandContext } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../problem.ts';
import type { Output } from '../terminal.ts';
import { type OpsOptions, operatorsApi } from './operators-api.ts';

export interface FailuresOptions extends OpsOptions {
  readonly hours: number;
}

/** Jobs that are failed now, by what they failed of. */
export async function failures(options: FailuresOptions, context: CommandContext): Promise<ExitCode> {
  const { out, err } = context.terminal;
  const from = Math.floor(Date.now() / 1_000) - options.hours * 3_600;
  const path = `/ops/api/failures?from=${from}`;
  const found = await operatorsApi(options, context).ask(failureGroups, 'GET', path, { signal: context.interrupted });
  if (options.json) {
    out.line(JSON.stringify(found, null, 2));
    return exitCodes.ok;
  }
  for (const group of found.groups) print(group, out);
  if (found.groups.length === 0)
    err.line(`Nothing that is still failed has failed in the last ${options.hours} hours.`);
  if (!found.complete) err.line('Failures of an earlier version are still being sorted in.');
  return exitCodes.ok;
}

function print(group: FailureGroup, out: Output): void {
  const what = [group.code, group.provider_status, group.kind, group.model].filter((part) => part !== null).join(' · ');
  out.line(`${out.paint('red', String(group.count).padStart(5))}  ${out.paint('bold', what)}`);
  out.line(`       ${retryText(group)}; last ${new Date(group.last_seen * 1_000).toISOString()}`);
  out.line(`       owners ${group.owners.map(({ owner, count }) => `${owner} (${count})`).join(', ')}`);
  out.line(`       such as ${group.sample_job_ids[0] ?? '–'}; all: npx video-proxy ops retry --group ${group.id}`);
}

function retryText({ retryable, retry_safe, unsafe }: FailureGroup): string {
  if (!retryable) return 'a retry will not help';
  return retry_safe ? 'safe to retry: nothing was billed' : `${unsafe} of them may have been billed`;
}

import { operatorJobList } from '@video-proxy/contracts';
import type { CommandContext } from '../command-context.ts';
import { jobTable } from '../jobs/job-table.ts';
import { type ExitCode, exitCodes } from '../problem.ts';
import { type OpsOptions, operatorsApi } from './operators-api.ts';

export interface SearchOptions extends OpsOptions {
  readonly status?: string;
  readonly code?: string;
  readonly owner?: string;
  readonly model?: string;
  readonly group?: string;
  readonly limit: number;
  readonly after?: string;
}

/** Everybody's jobs by any id, owner, or words of the prompt, and by conditions. */
export async function search(
  words: readonly string[],
  options: SearchOptions,
  context: CommandContext,
): Promise<ExitCode> {
  const { out, err } = context.terminal;
  const { json, url: _url, key: _key, ...conditions } = options;
  const q = words.join(' ');
  const query = new URLSearchParams(
    Object.entries({ ...conditions, ...(q === '' ? {} : { q }) })
      .filter(([, value]) => value !== undefined)
      .map(([name, value]): [string, string] => [name, String(value)]),
  );
  const path = `/ops/api/jobs?${query}`;
  const found = await operatorsApi(options, context).ask(operatorJobList, 'GET', path, { signal: context.interrupted });
  if (json) {
    out.line(JSON.stringify(found, null, 2));
    return exitCodes.ok;
  }
  for (const line of jobTable(found.data, out, Date.now())) out.line(line);
  if (found.data.length === 0) err.line('No such job.');
  if (found.searched_until !== null) {
    err.line(`Looked at ${found.searched ?? 0} jobs, back to ${new Date(found.searched_until * 1_000).toISOString()}.`);
  }
  if (found.has_more) err.line(`More: add --after ${found.last_id ?? ''}`);
  return exitCodes.ok;
}

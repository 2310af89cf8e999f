import type { Answers } from './customer.ts';
import type { Victim } from './fleet.ts';
import type { Observations } from './rules.ts';

/** Rows of a table: what, and how many, how long or which end. */
export type Tally = readonly (readonly [what: string, count: string])[];

export interface Course {
  readonly answers: Answers;
  readonly kills: Readonly<Record<Victim, number>>;
  readonly elapsedMs: number;
}

/** What happened in a run, in numbers. */
export function tallyOf(seen: Observations, { answers, kills, elapsedMs }: Course): Tally {
  const ends = Map.groupBy(seen.outcomes, ({ job }) => endOf(job));
  const creates = [...seen.createsByRequestId.values()];
  const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
  const attempts = sum(seen.outcomes.map(({ job }) => job?.attempt ?? 0));
  return [
    ['jobs', String(seen.listedIds.length)],
    ...[...ends]
      .map(([end, outcomes]) => [`– ${end}`, String(outcomes.length)] as const)
      .sort(([, a], [, b]) => Number(b) - Number(a)),
    ['attempts', String(attempts)],
    ['create requests received by the provider', String(sum(creates.map(({ received }) => received)))],
    ['create requests accepted by it', String(sum(creates.map(({ accepted }) => accepted)))],
    ['accepted twice', String(creates.filter(({ accepted }) => accepted > 1).length)],
    ...Object.entries(kills).map(([victim, count]) => [`${victim} killed and started again`, String(count)] as const),
    ['ends told to the receiver', String(sum([...(seen.told?.values() ?? [])].map(({ size }) => size)))],
    ['requests of clients answered 503', String(answers.byStatus.get(503) ?? 0)],
    ['requests of clients without an answer', String(answers.nothing)],
    ['creates answered with the job of an earlier one', String(answers.replays)],
    ['log lines read', String(seen.logLines.length)],
    ['time', `${Math.round(elapsedMs / 1_000)} s`],
  ];
}

function endOf(job: Observations['outcomes'][number]['job']): string {
  if (job === null) return 'lost';
  if (job.status === 'completed') return 'completed';
  return job.error === null ? job.phase : job.error.code;
}

/** A table in Markdown, readable in a terminal as well. */
export function tableOf(heading: Tally[number], tally: Tally): string {
  const rows = [heading, ...tally];
  const width = Math.max(...rows.map(([what]) => what.length));
  const countWidth = Math.max(...rows.map(([, count]) => count.length));
  const [head = '', ...body] = rows.map(([what, count]) => `| ${what.padEnd(width)} | ${count.padStart(countWidth)} |`);
  return [head, `| ${'-'.repeat(width)} | ${`${'-'.repeat(countWidth - 1)}:`} |`, ...body].join('\n');
}

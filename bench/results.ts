import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, totalmem } from 'node:os';
import type { Comparison } from './load.ts';

export type Measurement = {
  readonly what: string;
  readonly unit: 'requests/s' | 'polls/s' | 'bytes/s' | 'bytes' | 'ms' | 'submissions' | 'requests';
} & (
  | { readonly comparison: Comparison; readonly target: { readonly ratioMin: number } }
  | { readonly ours: number; readonly target: { readonly max: number } }
);

/** What else the machine had to do, as it was before the benchmark began. */
const otherLoad = loadavg()[0] ?? 0;
const resultsFile = new URL('./README.md', import.meta.url);
const resultsSection = /(<!-- results -->\n)[\s\S]*(<!-- \/results -->)/;

/** A table in Markdown, readable in a terminal as well. */
export function tableOf(measurements: readonly Measurement[]): string {
  const lines = [['what', 'ours', 'bare', 'ratio', 'target', 'met'], ...measurements.map(rowOf)];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const [head = '', ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}

function rowOf(measurement: Measurement): string[] {
  const { what, unit } = measurement;
  const inUnit = (value: number) => `${rounded(value)} ${unit}`;
  if ('comparison' in measurement) {
    const { ours, bare, ratio } = measurement.comparison;
    const { ratioMin } = measurement.target;
    return [what, inUnit(ours), inUnit(bare), ratio.toFixed(2), `≥ ${ratioMin}`, ratio >= ratioMin ? 'yes' : 'no'];
  }
  const { ours, target } = measurement;
  return [what, inUnit(ours), '–', '–', `≤ ${rounded(target.max)}`, ours <= target.max ? 'yes' : 'no'];
}

const rounded = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Replaces the results in `bench/README.md`. */
export async function saveResults(measurements: readonly Measurement[]): Promise<void> {
  const text = await readFile(resultsFile, 'utf8');
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`;
  const where = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${machine}, load ${otherLoad.toFixed(1)} before the run`;
  await writeFile(resultsFile, text.replace(resultsSection, `$1\n${where}\n\n${tableOf(measurements)}\n\n$2`));
}

import { readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';

export interface Measurement {
  readonly what: string;
  readonly unit: 'requests/s' | 'bytes' | 'ms';
  readonly ours: number;
  /** The least that libraries alone need for the same; where there is one, the ratio counts. */
  readonly bare?: number;
  readonly target: { readonly ratioMin: number } | { readonly max: number };
}

const resultsFile = new URL('./README.md', import.meta.url);
const resultsSection = /(<!-- results -->\n)[\s\S]*(<!-- \/results -->)/;

/** A table in Markdown, readable in a terminal as well. */
export function tableOf(measurements: readonly Measurement[]): string {
  const rows = measurements.map((measurement) => {
    const { what, unit, ours, bare } = measurement;
    const { shown, wanted, met } = judge(measurement);
    return [
      what,
      `${rounded(ours)} ${unit}`,
      bare === undefined ? '–' : `${rounded(bare)} ${unit}`,
      shown,
      wanted,
      met,
    ];
  });
  const lines = [['what', 'ours', 'bare', 'ratio', 'target', 'met'], ...rows];
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const [head = '', ...body] = lines.map(
    (line) => `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`,
  );
  return [head, `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body].join('\n');
}

function judge({ ours, bare, target }: Measurement): { shown: string; wanted: string; met: string } {
  if ('max' in target)
    return { shown: '–', wanted: `≤ ${rounded(target.max)}`, met: ours <= target.max ? 'yes' : 'no' };
  const ratio = ours / (bare ?? Number.NaN);
  return { shown: ratio.toFixed(2), wanted: `≥ ${target.ratioMin}`, met: ratio >= target.ratioMin ? 'yes' : 'no' };
}

const rounded = (value: number): string => Math.round(value).toLocaleString('en-US');

/** Replaces the results in `bench/README.md`. */
export async function saveResults(measurements: readonly Measurement[]): Promise<void> {
  const text = await readFile(resultsFile, 'utf8');
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${process.arch}`;
  const where = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${machine}`;
  await writeFile(resultsFile, text.replace(resultsSection, `$1\n${where}\n\n${tableOf(measurements)}\n\n$2`));
}

import type { Finding } from '../../src/doctor/finding.ts';
import { runCli, temporaryFolder } from '../run-cli.ts';

export interface Diagnosis {
  readonly code: number | null;
  readonly text: string;
  readonly checks: readonly Finding[];
  readonly summary: { readonly ok: number; readonly warn: number; readonly fail: number };
  /** The finding with this cause, or undefined. */
  of(cause: string): Finding | undefined;
}

/** A port where nothing listens, so that a service of the developer never answers in a test. */
const nobodyThere = 'http://127.0.0.1:2';

/** `video-proxy doctor --json` in an empty folder. */
export async function diagnose(
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
  cwd?: string,
): Promise<Diagnosis> {
  await using folder = await temporaryFolder();
  const url = args.includes('--url') ? [] : ['--url', nobodyThere];
  const { code, stdout, stderr } = await runCli(['doctor', '--json', ...url, ...args], {
    env,
    cwd: cwd ?? folder.path,
  });
  if (stdout === '') throw new Error(`doctor printed nothing: ${stderr}`);
  const { checks, summary } = JSON.parse(stdout) as Pick<Diagnosis, 'checks' | 'summary'>;
  return { code, text: stdout, checks, summary, of: (cause) => checks.find((finding) => finding.cause === cause) };
}

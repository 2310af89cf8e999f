import { type CheckId, checkIds, type Finding, fail } from './finding.ts';

/** One question about the installation. `signal` aborts when its time is up. */
export interface Check<Examined> {
  readonly id: CheckId;
  readonly timeoutMs: number;
  examine(examined: Examined, signal: AbortSignal): Promise<readonly Finding[]> | readonly Finding[];
}

/** Runs all checks at once; one that hangs or breaks becomes a finding of its own and never hides the others. */
export async function runChecks<Examined>(
  checks: readonly Check<Examined>[],
  examined: Examined,
): Promise<readonly Finding[]> {
  const findings = await Promise.all(checks.map((check) => settled(check, examined)));
  return findings.flat().toSorted((a, b) => checkIds.indexOf(a.id) - checkIds.indexOf(b.id));
}

async function settled<Examined>(check: Check<Examined>, examined: Examined): Promise<readonly Finding[]> {
  const signal = AbortSignal.timeout(check.timeoutMs);
  const timedOut = Promise.withResolvers<readonly Finding[]>();
  const seconds = check.timeoutMs / 1000;
  signal.addEventListener('abort', () =>
    timedOut.resolve([
      fail(
        check.id,
        'check_timeout',
        `this check got no answer within ${seconds} s`,
        'look at what it depends on, then run doctor again',
      ),
    ]),
  );
  try {
    return await Promise.race([Promise.resolve(check.examine(examined, signal)), timedOut.promise]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [fail(check.id, 'check_broken', `this check broke: ${reason}`, 'report it with LOG_LEVEL=debug output')];
  }
}

import { openCatalog } from '@video-proxy/aimlapi/catalog';
import { serviceAddress } from '../client/service-address.ts';
import type { CommandContext } from '../command-context.ts';
import { type ExitCode, exitCodes } from '../problem.ts';
import type { Output } from '../terminal.ts';
import { examineApiKey } from './checks/api-key.ts';
import { examineBaseUrl } from './checks/base-url.ts';
import { examineEnvFile } from './checks/env-file.ts';
import { examineDataDir, examineNode } from './checks/machine.ts';
import { examineModel } from './checks/model.ts';
import { examineProvider } from './checks/provider.ts';
import { examineEmbeddedRedis, examineRedis } from './checks/redis.ts';
import { examineService } from './checks/service.ts';
import { examineSettings } from './checks/settings.ts';
import { examineWorkers } from './checks/workers.ts';
import { examineDeployFiles, readDeployFiles } from './checks/zeabur.ts';
import { type DoctorOptions, type Examination, openExamination } from './examination.ts';
import { type CheckStatus, type Finding, ok } from './finding.ts';
import { type Check, runChecks } from './run-checks.ts';

const localTimeoutMs = 3_000;
const networkTimeoutMs = 9_500;

/** Every known cause, each asked by its own check, all at once. */
const checks: readonly Check<Examination>[] = [
  { id: 'node', timeoutMs: localTimeoutMs, examine: () => examineNode(process.version) },
  {
    id: 'env_file',
    timeoutMs: localTimeoutMs,
    examine: ({ context }) => examineEnvFile(context.envFile, context.realEnvironment),
  },
  { id: 'settings', timeoutMs: localTimeoutMs, examine: ({ settings }) => examineSettings({ result: settings }) },
  { id: 'api_key', timeoutMs: localTimeoutMs, examine: examineApiKey },
  {
    id: 'base_url',
    timeoutMs: localTimeoutMs,
    examine: ({ environment }) => examineBaseUrl(environment['AIMLAPI_BASE_URL']),
  },
  {
    id: 'provider',
    timeoutMs: networkTimeoutMs,
    examine: ({ provider }, signal) =>
      provider === null
        ? [ok('provider', 'the built-in sandbox: nothing to reach')]
        : examineProvider(provider, signal),
  },
  { id: 'model', timeoutMs: networkTimeoutMs, examine: ({ model }) => examineModel(model, openCatalog()) },
  {
    id: 'redis',
    timeoutMs: networkTimeoutMs,
    examine: async (examined) => {
      const visit = await examined.redis();
      if (visit === null) return examineEmbeddedRedis({ ...examined.environment });
      return examineRedis(examined.environment['REDIS_URL'] ?? '', visit);
    },
  },
  {
    id: 'data_dir',
    timeoutMs: localTimeoutMs,
    examine: ({ environment, context }) => examineDataDir(environment['DATA_DIR'] || '.data', context.cwd),
  },
  {
    id: 'service',
    timeoutMs: networkTimeoutMs,
    examine: async (examined) =>
      examineService({
        origin: examined.serviceOrigin,
        visit: await examined.service(),
        key: examined.key,
        sandboxChosen: examined.sandboxChosen,
      }),
  },
  { id: 'workers', timeoutMs: networkTimeoutMs, examine: askForWorkers },
  {
    id: 'zeabur',
    timeoutMs: localTimeoutMs,
    examine: ({ context }) => examineDeployFiles(readDeployFiles(context.folders)),
  },
];

async function askForWorkers(examined: Examination): Promise<readonly Finding[]> {
  const [service, redis] = await Promise.all([examined.service(), examined.redis()]);
  return examineWorkers({
    seenByService: service.kind === 'answered' ? service.report.workers.count : null,
    unrecordedByService: service.kind === 'answered' ? service.report.workers.unrecorded_generations : null,
    inRedis: redis?.kind === 'answered' ? redis.workers : null,
    key: examined.key,
  });
}

/** Names the cause of what is wrong, and what to do about it; replaces the manual steps of the incident of 2025-12-05. */
export async function doctor(options: DoctorOptions, context: CommandContext): Promise<ExitCode> {
  const { origin } = serviceAddress(options, context.environment);
  await using examination = openExamination(options, context, origin);
  const findings = await runChecks(checks, examination);
  const summary = summaryOf(findings);
  const { out } = context.terminal;
  if (options.json) {
    out.line(JSON.stringify({ checks: findings, summary }, null, 2));
  } else {
    for (const finding of findings) out.line(lineOf(finding, out));
    out.line(`${summary.ok} ok, ${summary.warn} warn, ${summary.fail} fail`);
  }
  return summary.fail === 0 ? exitCodes.ok : exitCodes.failed;
}

const styles = { ok: 'green', warn: 'yellow', fail: 'red' } as const satisfies Record<CheckStatus, string>;
const idWidth = 'env_file'.length;

function lineOf({ status, id, finding, action }: Finding, out: Output): string {
  const next = action === null ? '' : ` ${out.paint('dim', '→')} ${action}`;
  return `${out.paint(styles[status], status.padEnd(4))}  ${out.paint('dim', id.padEnd(idWidth))}  ${finding}${next}`;
}

function summaryOf(findings: readonly Finding[]) {
  const count = (status: CheckStatus) => findings.filter((finding) => finding.status === status).length;
  return { ok: count('ok'), warn: count('warn'), fail: count('fail') };
}

import type { CredentialProbe, CredentialReload, CredentialReport } from '@video-proxy/contracts';
import {
  type CredentialRecord,
  holdDifferentKeys,
  type JsonObject,
  type ProviderEvidence,
  remediesFor,
} from '@video-proxy/core';
import type { Ledger, LiveWorker, Question } from '@video-proxy/ledger';
import { presentEvidence } from '../presentation/evidence.ts';
import { unixSeconds } from '../presentation/view.ts';
import { problem, Refusal } from '../problem.ts';
import type { Installation } from './installation.ts';
import { presentAccount, presentHolds, presentWorkers } from './present.ts';

export interface AccountParts {
  readonly ledger: Pick<Ledger, 'credential' | 'workers' | 'questions' | 'changes'>;
  readonly look: () => Promise<Installation>;
  readonly ownCredential: CredentialRecord;
  readonly now: () => number;
}

/** The account at the provider, as operators see it and have it looked at. */
export interface OperatorAccount {
  report(): Promise<CredentialReport>;
  /** Lets a worker ask the provider now. Rejects with a Refusal when nobody can. */
  probe(signal: AbortSignal): Promise<CredentialProbe>;
  /** Lets every worker look at its key file now. */
  reload(signal: AbortSignal): Promise<CredentialReload>;
}

/** A worker gives up asking the provider after 8 s. */
const probeTimeoutMs = 12_000;
const reloadTimeoutMs = 6_000;

export function openOperatorAccount(parts: AccountParts): OperatorAccount {
  const { ledger, look, now } = parts;
  const record = async () => (await ledger.credential.read()) ?? parts.ownCredential;

  async function liveWorkers(): Promise<readonly LiveWorker[]> {
    const workers = await ledger.workers.list(now());
    if (workers.length > 0) return workers;
    const text = 'No worker is alive, so nobody can ask the provider. Start one: npm run worker.';
    throw new Refusal(problem('service_unavailable', text));
  }

  return {
    async report() {
      const [installation, history] = await Promise.all([look(), ledger.credential.history()]);
      const { facts, workers } = installation;
      const source = workers.find(({ keySource }) => keySource !== undefined)?.keySource ?? null;
      return {
        credential: presentAccount(facts.credential),
        keys: presentWorkers(installation).workers.map((worker) => ({
          worker: worker.id,
          host: worker.host,
          fingerprint: worker.key_fingerprint,
          source: worker.key_source,
        })),
        holds: presentHolds(facts.credential, facts.holds, facts.nowMs).filter(({ scope }) => scope !== 'ops'),
        waiting_jobs: facts.waitingJobs,
        history: history.map(presentAccount),
        what_to_do: [...remediesFor(facts.credential, { source, keysDiffer: holdDifferentKeys(workers) })],
      };
    },

    async probe(signal) {
      await liveWorkers();
      const answers = await answersTo(ledger, 'probe', { wanted: () => 1, timeoutMs: probeTimeoutMs, signal });
      const [first] = answers;
      if (first === undefined) {
        throw new Refusal(problem('service_unavailable', 'No worker answered in time. Try again in a moment.'));
      }
      const [worker, answer] = first;
      return presentProbe(worker, answer as unknown as ProbeAnswer, await record());
    },

    async reload(signal) {
      const workers = await liveWorkers();
      const ids = workers.map(({ id }) => id);
      const wanted = () => ids.length;
      const answers = await answersTo(ledger, 'reload', { wanted, timeoutMs: reloadTimeoutMs, signal });
      const keys = [...answers].map(([worker, answer]) => presentReload(worker, answer as unknown as ReloadAnswer));
      const silent = ids.filter((id) => !answers.has(id));
      return {
        message: reloadMessage(keys, silent),
        workers: keys,
        silent,
        credential: presentAccount(await record()),
      };
    },
  };
}

/** Asks the workers, and waits until enough have answered or the time is up. */
async function answersTo(
  { questions, changes }: AccountParts['ledger'],
  kind: Question['kind'],
  options: { readonly wanted: () => number; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, JsonObject>> {
  const { promise: enough, resolve, reject } = Promise.withResolvers<void>();
  const { id } = await questions.ask(kind);
  const look = async () => {
    if ((await questions.answers(id)).size >= options.wanted()) resolve();
  };
  // Subscribed first, then read: an answer in between is announced.
  const unsubscribe = changes.onAny(({ kind: changed }) => {
    if (changed === 'questions' || changed === 'look_again') look().catch(reject);
  });
  const timer = setTimeout(resolve, options.timeoutMs);
  options.signal.addEventListener('abort', () => resolve(), { once: true });
  try {
    await look();
    await enough;
    return await questions.answers(id);
  } finally {
    unsubscribe();
    clearTimeout(timer);
    await questions.withdraw(id);
  }
}

/** What a worker of this version answers (`operator-questions.ts` there). */
interface ProbeAnswer {
  readonly kind: CredentialProbe['outcome'];
  readonly askedAtMs: number;
  readonly tookMs: number;
  readonly fingerprint: string | null;
  readonly balanceUsd?: number | null;
  readonly evidence?: ProviderEvidence | null;
  readonly finding?: string | null;
}

interface ReloadAnswer {
  readonly host: string;
  readonly source: 'environment' | 'file' | 'sandbox';
  readonly before: string | null;
  readonly fingerprint: string | null;
  readonly finding: string | null;
}

function presentProbe(worker: string, answer: ProbeAnswer, record: CredentialRecord): CredentialProbe {
  return {
    outcome: answer.kind,
    message: probeMessage(answer),
    balance_usd: answer.balanceUsd ?? null,
    provider: presentEvidence(answer.evidence ?? null),
    worker,
    fingerprint: answer.fingerprint,
    asked_at: unixSeconds(answer.askedAtMs),
    took_ms: answer.tookMs,
    credential: presentAccount(record),
  };
}

function probeMessage({ kind, balanceUsd, evidence, finding }: ProbeAnswer): string {
  switch (kind) {
    case 'ok':
      return typeof balanceUsd === 'number'
        ? `The provider accepts the account; balance ${balanceUsd.toFixed(2)} USD.`
        : 'The provider accepts the account.';
    case 'refused':
      return `The provider refuses the account: ${evidence?.statusCode ?? 'no status'} ${evidence?.message ?? ''}`.trim();
    case 'unavailable':
      return evidence?.statusCode == null
        ? `The provider gave no answer${evidence?.message == null ? ' in time' : `: ${evidence.message}`}.`
        : `The provider answered, but not about the account: ${evidence.statusCode} ${evidence.message ?? ''}`.trim();
    case 'no_key':
      return `There is no key that could be sent: ${finding ?? 'AI_ML_API_KEY is not set'}.`;
  }
}

function presentReload(worker: string, answer: ReloadAnswer): CredentialReload['workers'][number] {
  const { host, source, fingerprint, before, finding } = answer;
  const common = { worker, host, source, fingerprint, fingerprint_before: before, finding };
  return { ...common, changed: fingerprint !== before, restart_needed: source === 'environment' };
}

function reloadMessage(keys: CredentialReload['workers'], silent: readonly string[]): string {
  const parts = [];
  const fromFile = keys.filter(({ source }) => source === 'file');
  if (fromFile.length > 0) parts.push(`Read anew: ${fromFile.length} of ${keys.length + silent.length} workers.`);
  if (keys.some((key) => key.restart_needed)) {
    parts.push('A key in AI_ML_API_KEY cannot be read anew by a running process: restart to change it.');
  }
  if (keys.some(({ source }) => source === 'sandbox')) parts.push('The sandbox has a key of its own.');
  if (silent.length > 0) parts.push(`${silent.length} did not answer in time.`);
  return parts.join(' ');
}

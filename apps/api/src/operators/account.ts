import type { CredentialProbe, CredentialReload, CredentialReport } from '@video-proxy/contracts';
import { type CredentialRecord, holdDifferentKeys, remediesFor } from '@video-proxy/core';
import type { Ledger, LiveWorker } from '@video-proxy/ledger';
import { problem, Refusal } from '../problem.ts';
import { askWorkers, probeAnswer, reloadAnswer } from './ask-workers.ts';
import type { Installation } from './installation.ts';
import { presentAccount, presentHolds, presentWorkers } from './present.ts';
import { presentProbe, presentReload, tellReload } from './present-answers.ts';

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
    throw new Refusal(problem('no_worker', text));
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
      const answers = await askWorkers(
        ledger,
        { kind: 'probe', answer: probeAnswer },
        { wanted: 1, timeoutMs: probeTimeoutMs, signal },
      );
      const [first] = answers;
      if (first === undefined) {
        throw new Refusal(problem('worker_silent', 'No worker answered in time. Try again in a moment.'));
      }
      const [worker, answer] = first;
      return presentProbe(worker, answer, await record());
    },

    async reload(signal) {
      const ids = (await liveWorkers()).map(({ id }) => id);
      const patience = { wanted: ids.length, timeoutMs: reloadTimeoutMs, signal };
      const answers = await askWorkers(ledger, { kind: 'reload', answer: reloadAnswer }, patience);
      const workers = [...answers].map(([worker, answer]) => presentReload(worker, answer));
      const silent = ids.filter((id) => !answers.has(id));
      return { ...tellReload(workers, silent), workers, silent, credential: presentAccount(await record()) };
    },
  };
}

import type { ApiKeySource } from '@video-proxy/aimlapi';
import { type CredentialRecord, type CredentialState, holdCodeFor, type ProviderEvidence } from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import { writeLine } from '@video-proxy/telemetry';
import type { Logger } from 'pino';

type Told = Pick<CredentialRecord, 'finding' | 'said'>;

/** The one record of the provider account, as this worker reads and corrects it. */
export interface OwnCredentialRecord {
  read(): Promise<CredentialRecord | null>;
  /** Writes what an answer of the provider has shown, `atMs` when it did not come just now. */
  answered(state: CredentialState, evidence: ProviderEvidence | null, told?: Told, atMs?: number): Promise<void>;
  /** Writes what a look at the key has shown: nobody was asked. */
  seen(state: CredentialState, told: Told): Promise<void>;
}

export interface CredentialRecordParts {
  readonly ledger: Pick<Ledger, 'credential'>;
  readonly key: Pick<ApiKeySource, 'current'>;
  readonly log: Logger;
  readonly now: () => number;
}

type Found = Told & Pick<CredentialRecord, 'state' | 'checkedAtMs' | 'evidence'>;

export function openCredentialRecord({ ledger, key, log, now }: CredentialRecordParts): OwnCredentialRecord {
  const { credential } = ledger;

  async function write(found: Found): Promise<void> {
    const changed = await credential.write({ ...found, fingerprint: key.current().fingerprint, sinceMs: now() });
    if (changed) report(log, found);
  }

  return {
    read: () => credential.read(),
    answered: (state, evidence, told = { finding: null }, atMs = now()) =>
      write({ state, evidence, ...told, checkedAtMs: atMs }),
    seen: (state, told) => write({ state, evidence: null, ...told, checkedAtMs: null }),
  };
}

/** Whether the record is the good news about a key that this worker does not have. */
export function isAboutAnotherGoodKey(
  known: CredentialRecord | null,
  { current }: Pick<ApiKeySource, 'current'>,
): boolean {
  return known?.state === 'ok' && known.fingerprint !== current().fingerprint;
}

function report(log: Logger, { state, finding, evidence }: Pick<CredentialRecord, 'state' | 'finding' | 'evidence'>) {
  if (holdCodeFor(state) !== null) {
    writeLine(log, 'credential_refused', { credential: state, finding, ...(evidence && wordsOf(evidence)) });
  } else {
    const event = state === 'ok' ? 'credential_accepted' : 'credential_unchecked';
    writeLine(log, event, { credential: state, finding, lastRefusal: evidence });
  }
}

export const wordsOf = (evidence: ProviderEvidence) => ({ providerRequestId: evidence.requestId, provider: evidence });

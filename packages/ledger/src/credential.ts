import type { CredentialRecord } from '@video-proxy/core';
import { credentialMessage } from './change-feed.ts';
import type { LedgerTools } from './scripts.ts';

/** What is known about the provider account, shared by all processes. */
export interface CredentialRecords {
  read(): Promise<CredentialRecord | null>;
  /**
   * Writes what a process found out, unless newer evidence about the same key is there already.
   *
   * @returns whether the state or the key is another one now; listeners of the change feed are told then
   */
  write(record: CredentialRecord): Promise<boolean>;
  /** Earlier states and the current one, newest first. */
  history(): Promise<CredentialRecord[]>;
}

const historyMax = 50;
const racesMax = 20;

export function credentialRecords({ redis, scripts, keys }: LedgerTools): CredentialRecords {
  return {
    async read() {
      const text = await redis.get(keys.credential);
      return text === null ? null : (JSON.parse(text) as CredentialRecord);
    },

    async write(record) {
      for (let races = 0; races < racesMax; races += 1) {
        const text = await redis.get(keys.credential);
        const before = text === null ? null : (JSON.parse(text) as CredentialRecord);
        const after = replacement(before, record);
        if (after === null) return false;
        const changed = before === null || !sameStanding(before, after);
        const written = await scripts.replace(
          [keys.credential, keys.credentialHistory],
          [text ?? '', JSON.stringify(after), keys.changes, changed ? credentialMessage : '', historyMax],
        );
        if (written === 1) return changed;
      }
      throw new Error(`${racesMax} writers in a row were faster with the credential record`);
    },

    async history() {
      const texts = await redis.lrange(keys.credentialHistory, 0, -1);
      return texts.map((text) => JSON.parse(text) as CredentialRecord);
    },
  };
}

/**
 * The record that should stand, or null when the one that stands is better. About another key anything is news. About the
 * same key an answer beats no answer, and a newer answer beats an older one: a request that was on its way when the key was
 * cured must not condemn it again. Without any answer it is what the key looks like that counts, and that is known best by who
 * says it last.
 */
function replacement(before: CredentialRecord | null, found: CredentialRecord): CredentialRecord | null {
  if (before === null || before.fingerprint !== found.fingerprint) return found;
  const isNewer = (found.checkedAtMs ?? 0) > (before.checkedAtMs ?? 0);
  const saysElse = found.state !== before.state || found.finding !== before.finding;
  if (!isNewer && !(before.checkedAtMs === null && saysElse)) return null;
  return sameStanding(before, found) ? { ...found, sinceMs: before.sinceMs } : found;
}

function sameStanding(one: CredentialRecord, other: CredentialRecord): boolean {
  return one.state === other.state && one.fingerprint === other.fingerprint;
}

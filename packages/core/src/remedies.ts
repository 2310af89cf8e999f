import type { CredentialRecord } from './credential.ts';
import { accountTroubles, providerPages } from './findings.ts';

/** Stable, for translations. */
export type RemedyCode =
  | 'create_key'
  | 'compare_key'
  | 'correct_key'
  | 'write_key_file'
  | 'set_key'
  | 'restart_all'
  | 'probe'
  | 'ask_support'
  | 'top_up'
  | 'verify';

/** One thing to do. */
export interface Remedy {
  readonly code: RemedyCode;
  readonly text: string;
  readonly link: string | null;
}

export interface KeyHolding {
  /** Where the workers have their key from; null when none is alive, or none says. */
  readonly source: 'environment' | 'file' | 'sandbox' | null;
  readonly keysDiffer: boolean;
}

/** What to do about an account that cannot be used, in order; nothing when it can. */
export function remediesFor(credential: CredentialRecord, holding: KeyHolding): readonly Remedy[] {
  const { state } = credential;
  switch (state) {
    case 'ok':
      return holding.keysDiffer ? [restartAll] : [];
    case 'unchecked':
      return [...(holding.keysDiffer ? [restartAll] : []), probe];
    case 'missing':
      return [createKey, setKey(holding), probe];
    case 'malformed':
      return [
        {
          code: 'correct_key',
          text: `${credential.finding ?? accountTroubles.malformed.finding}. Correct it.`,
          link: null,
        },
        setKey(holding),
        probe,
      ];
    case 'rejected':
      return [compareKey(credential), createKey, setKey(holding), probe, askSupport(credential)];
    case 'out_of_credits':
      return [
        { code: 'top_up', text: 'Top up the account. Nothing has to be restarted.', link: providerPages.billing },
        probe,
      ];
    case 'unverified':
      return [
        {
          code: 'verify',
          text: 'Complete the verification of the account. Nothing has to be restarted.',
          link: providerPages.verification,
        },
        probe,
      ];
  }
}

const createKey: Remedy = {
  code: 'create_key',
  text: 'Create a new API key at the provider.',
  link: providerPages.keys,
};

const restartAll: Remedy = {
  code: 'restart_all',
  text: 'The workers hold different keys: restart those with the old one. A changed variable is read at the next start.',
  link: null,
};

const probe: Remedy = {
  code: 'probe',
  text: 'Probe now: it costs nothing. When the provider accepts the account, one waiting job is tried, and the others follow by themselves.',
  link: null,
};

function compareKey({ fingerprint }: CredentialRecord): Remedy {
  const text = `Compare the fingerprint ${fingerprint ?? '(none)'} with that of the key you think is set: printf %s "$KEY" | sha256sum | cut -c1-8. If they differ, the variable is old or set elsewhere.`;
  return { code: 'compare_key', text, link: providerPages.keys };
}

function setKey({ source }: KeyHolding): Remedy {
  return source === 'file'
    ? {
        code: 'write_key_file',
        text: 'Write the key into the file that AI_ML_API_KEY_FILE names, then re-read it.',
        link: null,
      }
    : {
        code: 'set_key',
        text: 'Set AI_ML_API_KEY and restart API and workers: a running process cannot see the change.',
        link: null,
      };
}

function askSupport({ evidence }: CredentialRecord): Remedy {
  const known = [evidence?.requestId, evidence?.path, evidence?.timestamp].filter((part) => part != null).join(', ');
  const text = `Still refused with a key that works elsewhere: give the support of the provider request id, path and time${known === '' ? '' : ` (${known})`}.`;
  return { code: 'ask_support', text, link: null };
}

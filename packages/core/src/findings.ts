import type { CredentialState } from './credential.ts';

/** What is wrong, and what to do next: told alike by `doctor`, by the console and by messages to operators. */
export interface Trouble {
  readonly finding: string;
  readonly action: string;
}

const keysUrl = 'https://aimlapi.com/app/keys';
const billingUrl = 'https://aimlapi.com/app/billing';
const verificationUrl = 'https://aimlapi.com/app/verification';

/** Where an account is looked after, at the provider. */
export const providerPages = { keys: keysUrl, billing: billingUrl, verification: verificationUrl } as const;

/** Why the account cannot be used, by its state; null when it can, or when nobody knows. */
export const accountTroubles = {
  ok: null,
  unchecked: null,
  missing: {
    finding: 'Missing AI_ML_API_KEY: no video can be made at the provider',
    action: `create a key at ${keysUrl}, set AI_ML_API_KEY (or AI_ML_API_KEY_FILE) and restart; to try without one, set PROVIDER=sandbox`,
  },
  malformed: {
    finding: 'AI_ML_API_KEY malformed',
    action: 'correct the file of AI_ML_API_KEY_FILE, or the variable and restart; then run doctor again',
  },
  rejected: {
    finding: 'the provider rejected the key',
    action: `compare it with ${keysUrl}, or create a new one; write it into the file of AI_ML_API_KEY_FILE, or set AI_ML_API_KEY and restart`,
  },
  out_of_credits: {
    finding: 'the account is out of credits',
    action: `top up at ${billingUrl}; held jobs go on by themselves`,
  },
  unverified: {
    finding: 'the account is unverified',
    action: `complete the verification at ${verificationUrl}`,
  },
} as const satisfies Record<CredentialState, Trouble | null>;

export const troubles = {
  noWorker: {
    finding: 'no live worker: jobs are accepted and wait',
    action: 'start one with npm run worker, or everything with npm start',
  },
  modelHeld: {
    finding: 'the running service holds the jobs of a model',
    action: 'top up at the provider; held jobs then go on by themselves',
  },
  storage: {
    finding: 'the service cannot store videos',
    action: 'check DATA_DIR or STORAGE_URL: permissions and free space',
  },
  keysDiffer: {
    finding: 'live workers send with different keys',
    action: 'restart needed: a changed variable is read at the next start',
  },
} as const satisfies Record<string, Trouble>;

export function unrecordedGenerations(count: number): Trouble {
  return {
    finding: `${count} accepted generation${count === 1 ? ' is' : 's are'} in no job: Redis could not be written`,
    action: 'find the ids in the fatal lines of the worker log; they run, and are billed, at the provider',
  };
}

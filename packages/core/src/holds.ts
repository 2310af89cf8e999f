import { type CredentialRecord, holdCodeFor } from './credential.ts';
import { type FailureCode, failureCodes, failureTable } from './failures.ts';
import { type Said, said } from './said.ts';
import type { Hold, HoldCode } from './video-job.ts';

export const holdCodes = [...failureCodes, 'paused'] as const satisfies readonly HoldCode[];

/**
 * A hold that all workers obey: nothing it concerns is sent before `untilMs`, and afterwards one request at a time, the
 * trial, until the provider has accepted one.
 */
export interface SharedHold extends Hold {
  readonly code: FailureCode;
  readonly untilMs: number;
  /** Requests refused in a row: each makes the next pause longer. */
  readonly tries: number;
  /** Answers to requests that were sent before this moment are part of the same try. */
  readonly refusedAtMs: number;
  /** The lowest balance seen since the refusal; null when the provider has not told any. */
  readonly balanceUsd: number | null;
  /** A question that costs nothing was refused last, so a good answer to the next one is news. */
  readonly doubted: boolean;
}

/** A pause that operators ordered; its message is their reason, which everybody who waits reads. */
export interface OpsHold extends Hold {
  readonly code: 'paused';
  /** Who ordered it, as far as that is known. */
  readonly by: string | null;
}

/** Who is trying whether the provider accepts requests again, and until when the others wait for the answer. */
export interface Trial {
  readonly holder: string;
  /** Whose trial it is: when this worker is gone, nobody waits for the answer. */
  readonly worker?: string;
  readonly untilMs: number;
}

/** The last create request that the provider took, and the fingerprint of the key it was sent with. */
export interface Acceptance {
  readonly fingerprint: string | null;
  readonly atMs: number;
}

/** What the provider has told as the price of a model's jobs, from the cheapest to the dearest. */
export interface PriceRange {
  readonly lowUsd: number;
  readonly highUsd: number;
}

/** Every hold of an installation but that of its key, which stands in the credential record. */
export interface StandingHolds {
  /** By people, until they end it or its time is over. */
  readonly ops: OpsHold | null;
  /** The provider limits requests or cannot be reached. */
  readonly provider: SharedHold | null;
  /** By the fingerprint of the key: the account was refused, and no request has been accepted since. */
  readonly accounts: ReadonlyMap<string, SharedHold>;
  /** The account has too few credits for this model. */
  readonly models: ReadonlyMap<string, SharedHold>;
  readonly trial: Trial | null;
  readonly lastAccepted: Acceptance | null;
  /** Known only while a model is held. */
  readonly prices: ReadonlyMap<string, PriceRange>;
}

export const noHolds: StandingHolds = {
  ops: null,
  provider: null,
  accounts: new Map(),
  models: new Map(),
  trial: null,
  lastAccepted: null,
  prices: new Map(),
};

export interface Waiting {
  readonly model: string;
  readonly queuedAtMs: number;
}

/** The hold that keeps a job waiting: that of everybody first. Null when it only waits for its turn. */
export function holdOn(waiting: Waiting, credential: CredentialRecord | null, holds: StandingHolds): Hold | null {
  const model = holdingModel(waiting.model, holds);
  const candidates = [...generalHolds(credential, holds), model === null ? null : (holds.models.get(model) ?? null)];
  return candidates.find((hold) => hold !== null && concerns(hold, waiting)) ?? null;
}

/** The held model that keeps this one waiting: itself, or one that was never dearer. */
export function holdingModel(model: string, holds: StandingHolds): string | null {
  if (holds.models.has(model)) return model;
  return [...holds.models.keys()].find((held) => isDearer(model, held, holds)) ?? null;
}

/** Whether every known price of the one is at least every known price of the other. */
export function isDearer(model: string, than: string, { prices }: Pick<StandingHolds, 'prices'>): boolean {
  const [price, other] = [prices.get(model), prices.get(than)];
  return model !== than && price !== undefined && other !== undefined && price.lowUsd >= other.highUsd;
}

export function accountHoldOf(holds: StandingHolds, fingerprint: string | null): SharedHold | null {
  return fingerprint === null ? null : (holds.accounts.get(fingerprint) ?? null);
}

/** Whether a pause that operators ordered still stands: the record of one whose time is over is cleared away a little later. */
export function isPaused({ ops }: Pick<StandingHolds, 'ops'>, nowMs: number): boolean {
  return ops !== null && (ops.untilMs === null || ops.untilMs > nowMs);
}

/** Whether any job may be waiting because of a hold. */
export function hasHolds(credential: CredentialRecord | null, holds: StandingHolds): boolean {
  return holds.models.size > 0 || generalHolds(credential, holds).some((hold) => hold !== null);
}

/** The holds that keep everybody waiting, the most telling first. */
function generalHolds(credential: CredentialRecord | null, holds: StandingHolds): readonly (Hold | null)[] {
  const account = accountHoldOf(holds, credential?.fingerprint ?? null);
  return [credentialHold(credential, account), holds.ops, holds.provider, account];
}

/** What an operator has to know about models that are held, or all of them; the balance in US dollars, or in words. */
export function tooFewCredits(models: readonly string[], balance: number | string | null): string {
  const told = typeof balance === 'number' ? `balance ${balance.toFixed(2)} USD` : balance;
  return `the key is valid, the account has too few credits for ${models.join(' and ')}${told === null ? '' : ` (${told})`}`;
}

export function tooFewCreditsSaid(models: readonly string[], balanceUsd: number | null): Said {
  return said('too_few_credits', { models: models.join(', '), balance_usd: balanceUsd });
}

/** The same about the models that are held now; null when none is. */
export function modelFinding(holds: StandingHolds): string | null {
  return holds.models.size === 0 ? null : tooFewCredits([...holds.models.keys()], lowestBalance(holds));
}

export function modelSaid(holds: StandingHolds): Said | null {
  return holds.models.size === 0 ? null : tooFewCreditsSaid([...holds.models.keys()], lowestBalance(holds));
}

function lowestBalance({ models }: StandingHolds): number | null {
  const balances = [...models.values()].map(({ balanceUsd }) => balanceUsd).filter((balance) => balance !== null);
  return balances.length === 0 ? null : Math.min(...balances);
}

/** When a hold's pause is over and only a trial is missing, a job that came later was never held up by it. */
function concerns({ untilMs }: Hold, { queuedAtMs }: Waiting): boolean {
  return untilMs === null || queuedAtMs < untilMs;
}

/** Begins with the first refusal: that a probe was answered well in between did not help anybody who waits. */
function credentialHold(credential: CredentialRecord | null, account: SharedHold | null): Hold | null {
  const code = credential === null ? null : holdCodeFor(credential.state);
  if (credential === null || code === null) return null;
  return {
    code,
    message: credential.finding ?? failureTable[code].text,
    sinceMs: Math.min(credential.sinceMs, account?.sinceMs ?? credential.sinceMs),
    untilMs: null,
    evidence: credential.evidence,
  };
}

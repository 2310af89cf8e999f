import type { Attention } from './attention/item.ts';
import type { CredentialRecord } from './credential.ts';

/** Something that operators are told once when it begins and once when it is over, whichever process notices. */
export interface Incident {
  /** The code of what needs attention. */
  readonly name: string;
  readonly title: string;
  readonly sinceMs: number;
  /** When it was last found to be so, to a few seconds. */
  readonly seenMs: number;
  /** `suspected` for as long as it may pass by itself, then `begun` until somebody was told, `told`, `over` until that was told. */
  readonly state: 'suspected' | 'begun' | 'told' | 'over';
  /** Messages about this state that nobody took, and when the last one was sent. */
  readonly tries: number;
  readonly triedAtMs: number | null;
}

/** Restarts and hiccups pass within this. */
const graceMs = 30_000;
/** What is gone for shorter may be back at once. */
const calmMs = 10_000;
/** How exactly it is remembered when something was last seen: each time is a write. */
const seenExactMs = 5_000;
const triesMax = 5;
const firstPauseMs = 5_000;

/** Whether it is worth waking somebody up. */
export function isIncident({ severity, code }: Attention): boolean {
  return severity === 'critical' || code === 'failure_spike';
}

/** A worker that restarts, a disk that hangs and a Redis that fails over come back by themselves. */
function passesByItself(name: string): boolean {
  return name === 'no_worker' || name === 'storage' || name.startsWith('store_');
}

/** What is found out about an incident: while nobody knows whether the provider accepts a new key, nothing is over. */
export function findingOf(
  name: string,
  attention: readonly Attention[],
  credential: CredentialRecord,
): 'on' | 'off' | 'unknown' {
  if (attention.some(({ code }) => code === name)) return 'on';
  return name.startsWith('account_') && credential.state === 'unchecked' ? 'unknown' : 'off';
}

/** The incident that something new begins. */
export function newIncident({ code: name, title }: Attention, nowMs: number): Incident {
  const state = passesByItself(name) ? 'suspected' : 'begun';
  return { name, title, sinceMs: nowMs, seenMs: nowMs, state, tries: 0, triedAtMs: null };
}

/** The incident after a look; itself when nothing changed, null when it is gone and nobody has to hear of it. */
export function afterLook(incident: Incident, finding: 'on' | 'off' | 'unknown', nowMs: number): Incident | null {
  switch (finding) {
    case 'unknown':
      return incident;
    case 'on':
      return whileOn(incident, nowMs);
    case 'off':
      return whileOff(incident, nowMs);
  }
}

function whileOn(incident: Incident, nowMs: number): Incident {
  const seen = nowMs - incident.seenMs >= seenExactMs ? { ...incident, seenMs: nowMs } : incident;
  switch (incident.state) {
    case 'suspected':
      return nowMs - incident.sinceMs >= graceMs ? inState(seen, 'begun') : seen;
    case 'begun':
    case 'told':
      return seen;
    case 'over':
      // It was not over: nobody heard the one, so nobody has to hear the other.
      return inState(seen, 'told');
  }
}

function whileOff(incident: Incident, nowMs: number): Incident | null {
  switch (incident.state) {
    case 'suspected':
    case 'begun':
      return null;
    case 'told':
      return nowMs - incident.seenMs >= calmMs ? inState(incident, 'over') : incident;
    case 'over':
      return incident;
  }
}

/** Whether a message about it is to be sent now. */
export function isToBeTold({ state, tries, triedAtMs }: Incident, nowMs: number): boolean {
  if (state !== 'begun' && state !== 'over') return false;
  return triedAtMs === null || nowMs - triedAtMs >= firstPauseMs * 2 ** (tries - 1);
}

/** The incident after a message about it; null when it is done with. After the last try it counts as told. */
export function afterTelling(incident: Incident, isTaken: boolean, nowMs: number): Incident | null {
  const tries = incident.tries + 1;
  if (!isTaken && tries < triesMax) return { ...incident, tries, triedAtMs: nowMs };
  return incident.state === 'over' ? null : inState(incident, 'told');
}

function inState(incident: Incident, state: Incident['state']): Incident {
  return { ...incident, state, tries: 0, triedAtMs: null };
}

import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import {
  type Attention,
  afterLook,
  afterTelling,
  attentionOf,
  findingOf,
  type Incident,
  isIncident,
  isToBeTold,
  newIncident,
} from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import type { FastifyBaseLogger } from 'fastify';
import { beginningText, endText } from './incident-text.ts';
import type { Installation } from './installation.ts';

export interface IncidentParts {
  readonly ledger: Pick<Ledger, 'incidents' | 'leases'>;
  readonly look: () => Promise<Installation>;
  /** Tells operators; resolves with why nobody took it, or null. Null itself when nobody wants to be told. */
  readonly tell: ((text: string, signal: AbortSignal) => Promise<string | null>) | null;
  readonly publicBaseUrl: string | null;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly log: FastifyBaseLogger;
  readonly now: () => number;
  readonly intervalMs?: number;
}

const lookIntervalMs = 2_000;
/** One API process watches for all; a dead one is replaced after this time. */
const leaseMs = 15_000;
const lease = 'incidents';

/**
 * Notices when something begins that a person has to know of, and when it is over. Every API process offers to do it, and one
 * at a time does: what was told stands in the ledger, so it is told once over all processes and restarts.
 */
export function watchIncidents(parts: IncidentParts): AsyncDisposable {
  const { ledger, look, now, log } = parts;
  const holder = randomUUID();
  const stop = new AbortController();
  let failing = false;

  async function watch(): Promise<void> {
    if (!(await ledger.leases.acquire(lease, holder, leaseMs))) return;
    const [{ facts }, known] = await Promise.all([look(), ledger.incidents.list()]);
    const attention = attentionOf(facts);
    for (const incident of known) {
      const finding = findingOf(incident.name, attention, facts.credential);
      const after = afterLook(incident, finding, now());
      await keep(incident, after);
      if (after !== null) await tellOf(after, attention);
    }
    const names = new Set(known.map(({ name }) => name));
    for (const item of attention.filter((one) => isIncident(one) && !names.has(one.code))) {
      const begun = newIncident(item, now());
      await keep(null, begun);
      await tellOf(begun, attention);
    }
  }

  async function keep(before: Incident | null, after: Incident | null): Promise<void> {
    if (after === before) return;
    if (after !== null) await ledger.incidents.save(after);
    else if (before !== null) await ledger.incidents.remove(before.name);
  }

  async function tellOf(incident: Incident, attention: readonly Attention[]): Promise<void> {
    if (parts.tell === null || !isToBeTold(incident, now())) return;
    const text = textOf(incident, attention);
    if (text === null) return;
    const refused = await parts.tell(text, stop.signal);
    const after = afterTelling(incident, refused === null, now());
    await keep(incident, after);
    if (refused === null) log.info({ incident: incident.name, state: incident.state }, 'operators have been told');
    else if (after?.state !== incident.state) {
      log.error({ incident: incident.name, reason: refused }, 'operators could not be told: giving up');
    } else log.warn({ incident: incident.name, reason: refused }, 'operators could not be told yet');
  }

  function textOf(incident: Incident, attention: readonly Attention[]): string | null {
    const surroundings = { publicBaseUrl: parts.publicBaseUrl, nowMs: now() };
    if (incident.state === 'over') return endText(incident, surroundings);
    const item = attention.find(({ code }) => code === incident.name);
    return item === undefined ? null : beginningText(item, surroundings);
  }

  const watching = (async () => {
    while (!stop.signal.aborted) {
      try {
        await watch();
        failing = false;
      } catch (error) {
        if (!stop.signal.aborted && !failing && !parts.isUnavailable(error)) {
          log.error({ err: error }, 'incidents cannot be watched: trying again');
        }
        failing = true;
      }
      await pause(parts.intervalMs ?? lookIntervalMs, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  })();

  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await watching;
      // A courtesy: it runs out by itself.
      await ledger.leases.release(lease, holder).catch(() => undefined);
    },
  };
}

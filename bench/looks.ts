import { setTimeout as pause } from 'node:timers/promises';
import type { Measurement } from './results.ts';
import { incident, rareWord, type SeededJobs } from './seed-jobs.ts';

export const opsKey = 'bench-operator-key';
const looks = 60;
/** Longer than the overview is shared by those who look at the same time: each look reads everything anew. */
const sharedMs = 1_050;

type Pages = Readonly<Record<string, (number: number) => string>>;

/** What the pages of the console ask for, and how long it takes when nobody else asks. */
export async function measureLooks(url: string, seeded: SeededJobs): Promise<Measurement[]> {
  return [
    ...(await measurePages(url, { overview: () => '/ops/api/overview' }, sharedMs)),
    ...(await measurePages(url, standingPages(seeded), 0)),
    ...(await measurePages(url, searches(seeded), 0)),
  ];
}

function standingPages({ samples, waiting }: SeededJobs): Pages {
  return {
    'queues and turns': () => '/ops/api/queues',
    workers: () => '/ops/api/workers',
    credential: () => '/ops/api/credential',
    'failure groups, 7 days': () => '/ops/api/failures',
    'failure groups, 30 days': () => `/ops/api/failures?from=${daysAgo(30)}`,
    audit: () => '/ops/api/audit',
    'audit of one job': (number) => `/ops/api/audit?target=${at(samples, number)?.id}`,
    'deliveries of webhooks': () => '/ops/api/deliveries',
    'one job whole': (number) => `/ops/api/jobs/${at(samples, number)?.id}`,
    'one waiting job whole': (number) => `/ops/api/jobs/${at(waiting, number)?.id}`,
  };
}

function searches({ samples }: SeededJobs): Pages {
  const job = (number: number) => at(samples, number);
  const search = (conditions: Record<string, string>) => `/ops/api/jobs?${new URLSearchParams(conditions)}`;
  return {
    'list of all jobs': () => search({}),
    'list of waiting jobs': () => search({ status: 'queued' }),
    'search by job id': (number) => search({ q: job(number)?.id ?? '' }),
    'search by generation id': (number) => search({ q: `gen-${number * 977}` }),
    'search by provider request id': (number) => search({ q: `theirs-${number * 1_000}` }),
    'search by client request id': (number) => search({ q: `${job(number)?.id}.1` }),
    'search by our request id': (number) => search({ q: job(number)?.requestId ?? '' }),
    'search by owner': (number) => search({ q: job(number)?.owner ?? '' }),
    'list by status and model': (number) => search({ status: 'failed', model: job(number)?.model ?? '' }),
    'list by code, owner and time': (number) =>
      search({ code: incident.code, owner: `client-${number % 40}`, from: daysAgo(20), to: daysAgo(5) }),
    'search by common words': () => search({ q: 'fox snowy lanterns' }),
    'search by a rare word': () => search({ q: rareWord }),
  };
}

async function measurePages(url: string, pages: Pages, pauseMs: number): Promise<Measurement[]> {
  const measurements: Measurement[] = [];
  for (const [what, pathOf] of Object.entries(pages)) {
    const times: number[] = [];
    for (let number = 0; number < looks; number += 1) {
      if (pauseMs > 0) await pause(pauseMs);
      times.push(await timeOf(() => ask(url, pathOf(number))));
    }
    measurements.push({ what: `${what}, p95`, unit: 'ms', ours: p95(times), target: { max: 100 } });
  }
  return measurements;
}

/** Asks the operators' API; an answer that is not a good one ends the benchmark. */
export async function ask<Answer = unknown>(url: string, path: string, body?: object): Promise<Answer> {
  const response = await fetch(url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${opsKey}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path} answered ${response.status}: ${text}`);
  return JSON.parse(text) as Answer;
}

export async function timeOf(task: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now();
  await task();
  return performance.now() - startedMs;
}

function p95(times: readonly number[]): number {
  const sorted = times.toSorted((one, other) => one - other);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

const at = <One>(some: readonly One[], number: number): One | undefined => some[number % some.length];

const daysAgo = (days: number): string => String(Math.floor(Date.now() / 1_000) - days * 86_400);

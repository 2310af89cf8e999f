import { readFileSync } from 'node:fs';
import type { Cluster, Redis } from 'ioredis';
import type { FailureGroupReply } from './failures.ts';
import type { LedgerKeys } from './keys.ts';

export type RedisConnection = Redis | Cluster;

/** What everything in the ledger works with. */
export interface LedgerTools {
  readonly redis: RedisConnection;
  readonly scripts: LedgerScripts;
  readonly keys: LedgerKeys;
}

type Run<Reply> = (keys: readonly string[], args: readonly (string | number)[]) => Promise<Reply>;

/** The scripts of lua/, by the name of their file. What goes in and comes out stands at the top of each. */
export interface LedgerScripts {
  readonly create: Run<1 | ['replayed', ulid: string, document: string] | ['conflict', ulid: string]>;
  readonly change: Run<1 | string | null>;
  readonly remove: Run<1 | string | null>;
  readonly note: Run<1 | null>;
  readonly scan: Run<[found: string[], lastLookedAt: string]>;
  readonly replace: Run<0 | 1>;
  readonly nextTurn: Run<[kind: 'turn' | 'blocked' | 'empty', ulid?: string, document?: string, another?: string]>;
  readonly position: Run<number | null>;
  readonly firstWaits: Run<[since: string, unknown: string]>;
  readonly oldestWaiting: Run<[owners: number, since: string]>;
  readonly countSpans: Run<number[]>;
  readonly placeWaiting: Run<1>;
  readonly server: Run<[queuedJobs: number, refusal: string, information: string]>;
  readonly hold: Run<0 | 1>;
  readonly createInput: Run<0 | 1>;
  readonly removeInput: Run<0 | 1>;
  readonly announce: Run<0 | 1 | 2>;
  readonly deliver: Run<0 | 1 | 2>;
  readonly failureGroup: Run<[0] | FailureGroupReply>;
  readonly countFailed: Run<[failed: number, inGroups: number]>;
  readonly place: Run<0 | 1>;
  readonly audit: Run<0 | 1>;
  readonly documents: Run<string[]>;
  readonly bulkStart: Run<0 | 1>;
  readonly bulkAdvance: Run<'running' | 'finished' | 'stopped' | ''>;
  readonly bulkStop: Run<0 | 1>;
}

export function loadScripts(redis: RedisConnection): LedgerScripts {
  const shared = source('video-job');
  return {
    create: script(redis, 'create', shared),
    change: script(redis, 'change', shared),
    remove: script(redis, 'remove', shared),
    note: script(redis, 'note', shared),
    scan: script(redis, 'scan'),
    replace: script(redis, 'replace'),
    nextTurn: script(redis, 'next-turn', shared),
    position: script(redis, 'position'),
    firstWaits: script(redis, 'first-waits'),
    oldestWaiting: script(redis, 'oldest-waiting'),
    countSpans: script(redis, 'count-spans'),
    placeWaiting: script(redis, 'place-waiting', shared),
    server: script(redis, 'server'),
    hold: script(redis, 'hold'),
    createInput: script(redis, 'create-input'),
    removeInput: script(redis, 'remove-input'),
    announce: script(redis, 'announce'),
    deliver: script(redis, 'deliver'),
    failureGroup: script(redis, 'failure-group'),
    countFailed: script(redis, 'count-failed'),
    place: script(redis, 'place', shared),
    audit: script(redis, 'audit'),
    documents: script(redis, 'documents'),
    bulkStart: script(redis, 'bulk-start'),
    bulkAdvance: script(redis, 'bulk-advance'),
    bulkStop: script(redis, 'bulk-stop'),
  };
}

function script<Reply>(redis: RedisConnection, name: string, before = ''): Run<Reply> {
  const command = `vp:${name}`;
  redis.defineCommand(command, { lua: before + source(name) });
  // defineCommand adds a method that no type can know.
  const methods = redis as unknown as Record<string, (...args: (string | number)[]) => Promise<Reply>>;
  return (keys, args) => {
    const method = methods[command];
    if (method === undefined) throw new Error(`script ${name} is not defined`);
    return method.call(redis, keys.length, ...keys, ...args);
  };
}

function source(name: string): string {
  return readFileSync(new URL(`./lua/${name}.lua`, import.meta.url), 'utf8');
}

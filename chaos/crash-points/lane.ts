import type { SpawnedProcess } from '@video-proxy/testkit/processes';
import { freePort } from '@video-proxy/testkit/processes';
import { type Installation, startInstallation } from '../../test/installation.ts';
import { type Answers, fulfil, type Owner, type Wish } from '../customer.ts';
import { observe } from '../observe.ts';
import { seeToTheEnd, until } from '../patience.ts';
import { diceFrom } from '../random.ts';
import type { Observations } from '../rules.ts';
import { ordinaryWish } from '../wishes.ts';
import { createGate, type Gate, type Point } from './gate.ts';
import { type ProviderWire, startProviderWire } from './provider-wire.ts';
import { createScriptNames, startRedisWire } from './redis-wire.ts';

/** An installation of its own, in which one process after the other dies at one point after the other. */
export interface Lane extends AsyncDisposable {
  readonly gate: Gate;
  readonly installation: Installation;
  /** The settings with which everything a process says goes through the gate. */
  readonly gated: Readonly<Record<string, string>>;
  /** The job whose messages count; a prompt stands for a job that has no id yet. */
  follow(jobIdOrPrompt: string): void;
  setApi(api: { readonly url: string; readonly process: SpawnedProcess }): void;
  setWorker(worker: SpawnedProcess): void;
  /** A customer asks, follows, and takes every failed connection for "try again". */
  ask(): Wish;
  /** Waits until every job has ended, the worker and the clock being replaced on the way. */
  finish(): Promise<Observations>;
}

const owner: Owner = { name: 'ada', key: 'chaos-client-key-ada' };
const settleMs = 90_000;
/** A hash is longer, and no ULID. */
const ulid = /(?<![0-9a-z])[0-9a-hjkmnp-tv-z]{26}(?![0-9a-z])/;

export async function openLane(): Promise<Lane> {
  await using opening = new AsyncDisposableStack();
  const installation = opening.use(
    await startInstallation({ PORT: String(await freePort()), CLIENT_KEYS: `${owner.name}=${owner.key}` }),
  );
  const { sandbox } = installation;
  const gate = createGate();
  const provider = opening.use(await startProviderWire({ target: sandbox.url, gate }));
  const followed = followIn(provider);
  const { concerns } = followed;
  const scripts = createScriptNames();
  const redis = opening.use(await startRedisWire({ target: installation.redis.url, gate, concerns, scripts }));
  const gated = { REDIS_URL: redis.url, AIMLAPI_BASE_URL: provider.url };

  const over = new AbortController();
  const answers: Answers = { byStatus: new Map(), nothing: 0, replays: 0 };
  const counter = { url: '', answers, dice: diceFrom(1), aging: over.signal, over: over.signal };
  const processes = new Set<SpawnedProcess>();
  const wishes: Wish[] = [];
  const fulfilled: Promise<void>[] = [];
  let worker: SpawnedProcess | null = null;

  const finish = async () => {
    const replaceWorkers = async (changes: Readonly<Record<string, string>>) => {
      await worker?.close();
      processes.add(await installation.startWorker({ ...gated, ...changes }));
    };
    await seeToTheEnd(wishes, sandbox, { boundMs: settleMs, replaceWorkers });
    over.abort();
    await Promise.all(fulfilled);
    const logLines = () => [...processes].flatMap(({ stdout, stderr }) => [...stdout, ...stderr]);
    return observe({
      receiver: null,
      fleet: { url: counter.url, logLines },
      sandbox,
      owners: [owner],
      wishes,
      answers,
    });
  };
  const open = opening.move();
  return {
    gate,
    installation,
    gated,
    follow: followed.follow,
    setApi(api) {
      counter.url = api.url;
      processes.add(api.process);
    },
    setWorker(started) {
      worker = started;
      processes.add(started);
    },
    ask() {
      const wish = ordinaryWish(owner, wishes.length);
      wishes.push(wish);
      fulfilled.push(fulfil(wish, counter));
      return wish;
    },
    finish,
    [Symbol.asyncDispose]: () => open.disposeAsync(),
  };
}

/** Commands of a new job name its prompt and its id together: from then on the id is what to look for. */
function followIn(provider: ProviderWire) {
  let mark = '';
  return {
    follow(jobIdOrPrompt: string) {
      mark = ulid.exec(jobIdOrPrompt)?.[0] ?? jobIdOrPrompt;
      provider.follow(jobIdOrPrompt);
    },
    concerns(command: Buffer) {
      if (mark === '' || !command.includes(mark)) return false;
      mark = ulid.exec(command.toString('latin1'))?.[0] ?? mark;
      return true;
    },
  };
}

export interface Crash {
  readonly point: Point;
  readonly wish: Wish;
  /** False when the process never came to this point. */
  readonly met: boolean;
}

/** How long a process may take to come to a point that it has come to before. */
const approachMs = 45_000;

/** Kills a process when the gate closes, or when it becomes clear that it will not. */
export async function killAtGate({ gate }: Lane, victim: SpawnedProcess, wish: Wish): Promise<boolean> {
  const isAside = new AbortController();
  await Promise.race([gate.closed, until(() => wish.ended || isAside.signal.aborted, approachMs)]);
  isAside.abort();
  const met = gate.isClosed;
  victim.signal('SIGKILL');
  await victim.exited;
  gate.open();
  return met;
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Gate } from './gate.ts';
import { frameReader, isPush, wordsOf } from './resp.ts';

/** The way of one process to Redis, command by command. */
export interface RedisWire extends AsyncDisposable {
  readonly url: string;
}

export interface RedisWireOptions {
  /** `unix:///path`, or `redis://host:port`. */
  readonly target: string;
  readonly gate: Gate;
  /** Whether a command has to do with the job that is looked at. */
  readonly concerns: (command: Buffer) => boolean;
  readonly scripts: ScriptNames;
}

/** Commands that change nothing: to die around them is to die before the next one that does. */
const reads = /^(GET|MGET|HGET|HMGET|HGETALL|LRANGE|LINDEX|LLEN|ZSCORE|ZRANK|ZRANGE|ZCARD|EXISTS|TYPE)$/;
/** Answered by a push. */
const subscriptions = /^P?(UN)?SUBSCRIBE$/;

export async function startRedisWire({ target, gate, concerns, scripts }: RedisWireOptions): Promise<RedisWire> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const redis = target.startsWith('unix://')
      ? connect(target.slice('unix://'.length))
      : connect(Number(new URL(target).port), new URL(target).hostname);
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => other.destroy());
      socket.once('close', () => {
        other.destroy();
        sockets.delete(socket);
      });
    }
    carry(client, redis, (command) => nameOf(command, concerns, scripts), gate);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function carry(client: Socket, redis: Socket, nameOfCommand: (command: Buffer) => string | null, gate: Gate): void {
  /** What the answers that are still to come are about; null for what does not matter. */
  const expected: (string | null)[] = [];
  const commands = frameReader();
  const answers = frameReader();
  client.on('data', (piece) => {
    for (const command of commands(piece)) {
      const name = nameOfCommand(command);
      if (gate.isClosed || (name !== null && !gate.reach(name, 'before'))) return;
      if (!subscriptions.test(verbOf(command).toUpperCase())) expected.push(name);
      redis.write(command);
    }
  });
  redis.on('data', (piece) => {
    for (const answer of answers(piece)) {
      const name = isPush(answer) ? null : (expected.shift() ?? null);
      if (gate.isClosed || (name !== null && !gate.reach(name, 'after'))) return;
      client.write(answer);
    }
  });
}

function nameOf(command: Buffer, concerns: (command: Buffer) => boolean, scripts: ScriptNames): string | null {
  const verb = verbOf(command).toUpperCase();
  const script = () => wordsOf(command)[1]?.toString() ?? '';
  const sha = verb === 'EVAL' ? scripts.learn(script()) : null;
  if (reads.test(verb) || !concerns(command)) return null;
  return verb === 'EVAL' || verb === 'EVALSHA' ? `${scripts.nameOf(sha ?? script())} ${placeOf(command)}` : verb;
}

/** The family of keys that a script works on: a queue, or the jobs. */
function placeOf(command: Buffer): string {
  const firstKey = wordsOf(command)[3]?.toString() ?? '';
  return `(${firstKey.split(':')[1] ?? firstKey})`;
}

function verbOf(command: Buffer): string {
  const [, , verb = ''] = command.toString('latin1', 0, 60).split('\r\n');
  return verb;
}

/** What scripts do, in the words at their beginning. A Redis that does not know a script is sent it in full. */
export interface ScriptNames {
  /** @returns the hash by which the script is called later */
  learn(body: string): string;
  nameOf(sha: string): string;
}

export function createScriptNames(): ScriptNames {
  const names = new Map<string, string>();
  return {
    learn(body) {
      // The comment that describes KEYS is that of the script; others belong to what is included.
      const comments = [...body.matchAll(/--\[\[\s*([\s\S]*?)\]\]/g)].map(([, text = '']) => text);
      const own = comments.findLast((text) => text.includes('KEYS[')) ?? comments[0] ?? 'a script without words';
      const [firstLine = ''] = own.split('\n');
      const sha = createHash('sha1').update(body).digest('hex');
      names.set(sha, firstLine.replace(/(?: by doing the following)?[.:,].*/, '').trim());
      return sha;
    },
    nameOf: (sha) => names.get(sha) ?? `the script ${sha}`,
  };
}

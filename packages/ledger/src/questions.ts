import { randomUUID } from 'node:crypto';
import type { JsonObject } from '@video-proxy/core';
import { questionsMessage } from './change-feed.ts';
import type { LedgerTools } from './scripts.ts';

/** `probe`: one worker asks the provider about the account. `reload`: every worker looks at its key file. */
export type QuestionKind = 'probe' | 'reload';

export interface Question {
  readonly id: string;
  readonly kind: QuestionKind;
}

/**
 * What operators ask of the workers, and what these answer. Nothing of it lasts: whoever asks waits for the answer, and a
 * question that nobody waits for any more is gone within a minute. Listeners of the change feed hear of both.
 */
export interface Questions {
  ask(kind: QuestionKind): Promise<Question>;
  /** What has been asked lately, answered or not. */
  open(): Promise<readonly Question[]>;
  answer(id: string, worker: string, answer: JsonObject): Promise<void>;
  /** By the worker that gave it. */
  answers(id: string): Promise<ReadonlyMap<string, JsonObject>>;
  withdraw(id: string): Promise<void>;
}

const keptMs = 60_000;

export function questionRecords({ redis, keys }: LedgerTools): Questions {
  return {
    async ask(kind) {
      const id = randomUUID();
      await redis
        .multi()
        .hset(keys.questions, id, kind)
        .pexpire(keys.questions, keptMs)
        .publish(keys.changes, questionsMessage)
        .exec();
      return { id, kind };
    },

    async open() {
      const asked = await redis.hgetall(keys.questions);
      return Object.entries(asked).flatMap(([id, kind]) => (isKind(kind) ? [{ id, kind }] : []));
    },

    async answer(id, worker, answer) {
      const key = keys.answers(id);
      await redis
        .multi()
        .hset(key, worker, JSON.stringify(answer))
        .pexpire(key, keptMs)
        .publish(keys.changes, questionsMessage)
        .exec();
    },

    async answers(id) {
      const texts = await redis.hgetall(keys.answers(id));
      return new Map(Object.entries(texts).map(([worker, text]) => [worker, JSON.parse(text) as JsonObject]));
    },

    async withdraw(id) {
      await redis.hdel(keys.questions, id);
    },
  };
}

/** A question that a newer version asks is left to the workers of that version. */
function isKind(kind: string): kind is QuestionKind {
  return kind === 'probe' || kind === 'reload';
}

import type { CallKind } from './recorder.ts';

/** What an operator of the sandbox, usually a test, can set while it runs. */
export interface SandboxState {
  /** The one key that is let in. */
  apiKey: string;
  /** False: every key is refused with 401, as after a key was revoked. */
  keyAccepted: boolean;
  /** False: every create is refused with 403 `err_unverified_card`. */
  verified: boolean;
  /** Scenario words for every create, as if they stood in its prompt. */
  scenario: string;
  readonly scripts: Scripts;
}

export interface Scripts {
  /** The next `times` calls of this kind behave by these words. */
  add(kind: CallKind, words: string, times: number): void;
  /** Takes the words for a call of this kind; empty when there are none. */
  take(kind: CallKind): string;
  clear(): void;
}

const scriptedCallsMax = 10_000;

export function createScripts(): Scripts {
  const queues = new Map<CallKind, { readonly words: string; left: number }[]>();
  return {
    add(kind, words, times) {
      const queue = queues.get(kind) ?? [];
      if (queue.length >= scriptedCallsMax) throw new Error('too many scripted calls');
      queue.push({ words, left: times });
      queues.set(kind, queue);
    },
    take(kind) {
      const queue = queues.get(kind);
      const next = queue?.[0];
      if (!queue || !next) return '';
      next.left -= 1;
      if (next.left <= 0) queue.shift();
      return next.words;
    },
    clear: () => queues.clear(),
  };
}

import type { FastifyRequest } from 'fastify';
import type { Tracked } from '../generations/store.ts';
import type { CallKind } from '../recorder.ts';
import { type Behaviour, type FileTrouble, troubleAt, usualBehaviour } from '../scenarios/behaviour.ts';
import { readScenario } from '../scenarios/words.ts';
import type { Refusal } from '../wire/envelopes.ts';
import type { TroubleWord } from '../wire/troubles.ts';
import { badRequest } from './calls.ts';
import type { SandboxContext } from './context.ts';

/** How one call behaves that names scenario words itself, by header or by script. */
export interface CalledBehaviour {
  /** The generation's behaviour, changed for this call. */
  readonly behaviour: Behaviour;
  /** What the call itself asked for, whatever the generation's own counts say. */
  readonly ofCall: { readonly trouble: TroubleWord | null; readonly fileTrouble: FileTrouble | null };
}

const nothingCalled: CalledBehaviour['ofCall'] = { trouble: null, fileTrouble: null };

/** Reads the words of a call on top of `before`: those of the generation, or of the rest of the create request. */
export function behaviourOfCall(
  callWords: string,
  before: { readonly words: string; readonly behaviour?: Behaviour } = { words: '', behaviour: usualBehaviour },
): CalledBehaviour | { readonly refusal: Refusal } {
  if (callWords === '' && before.behaviour) return { behaviour: before.behaviour, ofCall: nothingCalled };
  const read = behaviourOf(`${before.words} ${callWords}`);
  const called = behaviourOf(callWords);
  if ('refusal' in read) return read;
  if ('refusal' in called) return called;
  const { troubles, pollTroubles, fileTroubles } = called.behaviour;
  const trouble = troubleAt(troubles, 0) ?? troubleAt(pollTroubles, 0);
  return { ...read, ofCall: { trouble, fileTrouble: troubleAt(fileTroubles, 0) } };
}

/** Words that concern this call: from the header `x-sandbox-scenario` and from the script. */
export function wordsOfCall(context: SandboxContext, request: FastifyRequest, kind: CallKind): string {
  const header = request.headers['x-sandbox-scenario'];
  const scripted = context.state.scripts.take(kind);
  return `${typeof header === 'string' ? header : ''} ${scripted}`.trim();
}

/** The behaviour that words ask for, or the refusal of unreadable ones. */
function behaviourOf(words: string): { readonly behaviour: Behaviour } | { readonly refusal: Refusal } {
  const read = readScenario(words);
  return read.kind === 'read' ? { behaviour: read.behaviour } : { refusal: badRequest(read.finding) };
}

/** A generation as the ground for the words of a call about it. */
export function wordsOf({ generation, behaviour }: Tracked): { words: string; behaviour: Behaviour } {
  return { words: generation.words, behaviour };
}

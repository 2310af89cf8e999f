import type { FastifyReply, FastifyRequest } from 'fastify';
import type { CallKind } from '../recorder.ts';
import { misbehave, refuse } from './answers.ts';
import { behaviourOfCall, wordsOfCall } from './call-scenarios.ts';
import { pause } from './calls.ts';
import type { SandboxContext } from './context.ts';

export type Answer = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** A handler that answers as usual unless the call itself names a trouble, by header or by script. */
export function scripted(context: SandboxContext, kind: CallKind, answer: Answer) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    const called = behaviourOfCall(wordsOfCall(context, request, kind));
    if ('refusal' in called) return refuse(request, reply, called.refusal);
    const { behaviour, ofCall } = called;
    await pause(context, behaviour.answerDelaySeconds);
    return ofCall.trouble ? misbehave(request, reply, ofCall.trouble, behaviour) : answer(request, reply);
  };
}

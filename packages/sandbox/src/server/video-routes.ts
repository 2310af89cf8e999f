import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { familyOf, isVideoModel } from '../generations/families.ts';
import { type Generation, phaseOf } from '../generations/generation.ts';
import { type CreateBody, createBodySchema, newGeneration } from '../generations/request.ts';
import type { Tracked } from '../generations/store.ts';
import { type Behaviour, troubleAt } from '../scenarios/behaviour.ts';
import { wordsInPrompt } from '../scenarios/words.ts';
import { createdBody, pollBody, pollWithoutId } from '../wire/generation-bodies.ts';
import { inferenceNotFound, outOfCredits, troubles, unverified } from '../wire/troubles.ts';
import { misbehave, refuse } from './answers.ts';
import { behaviourOfCall, wordsOf, wordsOfCall } from './call-scenarios.ts';
import { badRequest, clientRequestIdOf, originOf, pause } from './calls.ts';
import type { SandboxContext } from './context.ts';
import { createTurns } from './turns.ts';

const generationsPath = '/v2/video/generations';

/** Create and poll, on all paths the provider documents. */
export function addVideoRoutes(app: FastifyInstance, context: SandboxContext): void {
  const create = createHandler(context);
  const poll = pollHandler(context);
  const asCreate = { config: { sandbox: { kind: 'create' } } } as const;
  const asPoll = { config: { sandbox: { kind: 'poll' } } } as const;
  for (const path of [generationsPath, '/v1/video/generations', '/video/generations']) {
    app.post(path, asCreate, create);
  }
  app.get(generationsPath, asPoll, poll);
  app.post('/v2/generate/video/:vendor/generation', asCreate, create);
  app.get('/v2/generate/video/:vendor/generation', asPoll, poll);
}

function createHandler(context: SandboxContext) {
  const turns = createTurns();
  // A job tried again counts on; other jobs with the same prompt do not disturb it.
  const turnOf = (clientRequestId: string | null, { prompt }: CreateBody): number =>
    turns.next(clientRequestId?.replace(/\.\d+$/, '') ?? prompt?.slice(-500) ?? '');

  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const clientRequestId = clientRequestIdOf(request);
    const parsed = createBodySchema.safeParse(request.body);
    if (!parsed.success)
      return refuse(request, reply, badRequest('Invalid payload provided', issuesOf(parsed.error)), 'problem');
    const body = parsed.data;
    const wordsBefore = wordsBeforeCall(context, body);
    const callWords = wordsOfCall(context, request, 'create');
    const called = behaviourOfCall(callWords, { words: wordsBefore });
    if ('refusal' in called) return refuse(request, reply, called.refusal);
    const { behaviour, ofCall } = called;

    const trouble = ofCall.trouble ?? troubleAt(behaviour.troubles, turnOf(clientRequestId, body));
    if (trouble && !behaviour.accepted) {
      await pause(context, behaviour.answerDelaySeconds);
      return misbehave(request, reply, trouble, behaviour);
    }
    if (!isVideoModel(body.model)) return refuse(request, reply, troubles['model-not-found'].refusal);
    if (!context.state.verified) return refuse(request, reply, unverified, 'bare');
    const words = `${wordsBefore} ${callWords}`.trim();
    const generation = take(context, body, behaviour, { words, requestId: request.id, clientRequestId });
    if (!generation) return refuse(request, reply, outOfCredits, 'problem');

    await pause(context, behaviour.answerDelaySeconds);
    if (trouble) return misbehave(request, reply, trouble, behaviour);
    if (behaviour.idField !== 'absent') reply.header('x-inference-id', generation.id);
    return reply.code(behaviour.createStatus).send(createdBody(generation, behaviour, originOf(request)));
  };
}

/** Later words win: the family's habits, then what was set for all, then the prompt. */
function wordsBeforeCall({ state }: SandboxContext, { model, prompt }: CreateBody): string {
  const inPrompt = wordsInPrompt(prompt ?? '');
  return [familyOf(model).words, state.scenario, inPrompt].filter((words) => words !== '').join(' ');
}

function take(
  context: SandboxContext,
  body: CreateBody,
  behaviour: Behaviour,
  known: { readonly words: string; readonly requestId: string; readonly clientRequestId: string | null },
): Generation | null {
  const nowMs = Date.now();
  const generation = newGeneration(body, behaviour, {
    ...known,
    nowMs,
    generationSeconds: context.generationSeconds,
  });
  if (!context.store.accept(generation, behaviour, nowMs)) return null;
  context.recorder.countCreate(known.clientRequestId, 'accepted');
  context.log(`sandbox accepted ${generation.model} as ${generation.id} (costs nothing)`);
  return generation;
}

function pollHandler(context: SandboxContext) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { generation_id: id } = pollQuery.parse(request.query);
    const tracked = context.store.byId(id);
    const called = behaviourOfCall(wordsOfCall(context, request, 'poll'), tracked && wordsOf(tracked));
    if ('refusal' in called) return refuse(request, reply, called.refusal);
    const { behaviour, ofCall } = called;
    if (ofCall.trouble) return misbehave(request, reply, ofCall.trouble, behaviour);
    if (id === '') return reply.send(pollWithoutId);
    if (!tracked) return refuse(request, reply, inferenceNotFound);

    tracked.polls += 1;
    const trouble = troubleAt(behaviour.pollTroubles, tracked.polls - 1);
    await pause(context, behaviour.pollDelaySeconds);
    if (trouble) return misbehave(request, reply, trouble, behaviour);
    reply.header('x-inference-id', id);
    return reply.send(answerToPoll(tracked, behaviour, originOf(request)));
  };
}

function answerToPoll(tracked: Tracked, behaviour: Behaviour, origin: string): object {
  const nowMs = Date.now();
  const { generation, linkVersion } = tracked;
  if (phaseOf(generation, behaviour, nowMs) === 'completed') tracked.pollsAfterEnd += 1;
  const videoReady = tracked.pollsAfterEnd > behaviour.videoLatePolls;
  return pollBody(generation, behaviour, { nowMs, origin, linkVersion, videoReady });
}

/** Repeated parameters count as none. */
const pollQuery = z.object({ generation_id: z.string().catch('') });

function issuesOf(error: z.ZodError): object[] {
  return error.issues.map(({ code, path, message }) => ({ code, path, message }));
}

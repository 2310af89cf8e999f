/**
 * `/v1/chat/completions`: a chat app whose language model is this service. What the user says last is a wish for a video, progress
 * comes as reasoning, and the answer is a picture and a link. No rules of its own: a wish becomes a job like any other.
 */
import { isTerminal } from '@video-proxy/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf } from '../../asker.ts';
import { baseUrlOf } from '../../http/base-url.ts';
import { sendEventStream } from '../../http/event-stream.ts';
import { goneSignal } from '../../http/gone-signal.ts';
import { idempotencyKeyOf } from '../../http/idempotency-key.ts';
import { unixSeconds } from '../../presentation/view.ts';
import { type Problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { unknownModel } from '../../video-jobs/index.ts';
import { openaiErrors } from '../documented-errors.ts';
import { firstPicture } from '../first-picture.ts';
import { type Explain, problemInWords } from '../problem-in-words.ts';
import { createOnce } from '../repeated-request.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { type Completion, chunk, doneChunk, wholeCompletion } from './chunks.ts';
import { type ChatRequest, chatRequest } from './conversation.ts';
import { followedChunks } from './follow.ts';
import { type Intent, intentOf } from './intent.ts';
import { readPrompt } from './prompt-options.ts';
import { notYet, resultOf } from './result.ts';

/** Without a stream the caller waits for the whole answer; most clients give up after ten minutes. */
const wholeAnswerMs = 540_000;

/**
 * How long the whole conversation and its user are one request, for callers who name no message: clients repeat themselves for some
 * minutes (LibreChat six times within 100 s, measured), and a wish that is new tomorrow is another one.
 */
const sameChatMs = 900_000;

const completion = {
  description: 'A chat completion, or a stream of its chunks',
  content: { 'application/json': { schema: z.unknown() } },
};

export interface ChatParts extends SurfaceParts {
  readonly explain: Explain;
}

export function chatSurface(app: ApiServer, parts: ChatParts): void {
  app.post(
    '/v1/chat/completions',
    {
      config: { access: 'client', creates: true },
      schema: {
        operationId: 'createChatCompletion',
        summary: 'A video as the answer of a chat',
        tags: ['chat'],
        body: chatRequest,
        response: { 200: completion, ...openaiErrors(400, 401, 404, 409, 413, 415, 503) },
      },
    },
    async (request, reply) => {
      const { body } = request;
      if (parts.catalog.find(body.model) === null) throw refusal(unknownModel(parts.catalog, body.model), request);
      const intent = intentOf(body);
      const about = { id: `chatcmpl-${request.id}`, model: body.model, createdSeconds: unixSeconds(parts.now()) };
      return intent.kind === 'video'
        ? make(about, intent, request, reply, parts)
        : say(about, intent.answer, body, reply);
    },
  );
}

function say(about: Completion, answer: string, { stream }: ChatRequest, reply: FastifyReply): FastifyReply {
  if (stream !== true) return reply.send(wholeCompletion(about, answer));
  return sendEventStream(reply, chunksOf(about, answer));
}

async function* chunksOf(about: Completion, answer: string): AsyncGenerator<string> {
  yield chunk(about, { role: 'assistant', content: answer });
  yield chunk(about, {}, 'stop');
  yield doneChunk;
}

async function make(
  about: Completion,
  { text, images }: Extract<Intent, { kind: 'video' }>,
  request: FastifyRequest<{ Body: ChatRequest }>,
  reply: FastifyReply,
  parts: ChatParts,
): Promise<FastifyReply> {
  const { prompt, parameters } = readPrompt(text);
  const picture = firstPicture(parts.catalog, request.body.model, images[0]);
  const asker = askerOf(request);
  const { model, messages, user = null } = request.body;
  const wanted = { model, prompt, parameters: { ...picture, ...parameters }, metadata: {} };
  const context = { asker, requestId: request.id, idempotencyKey: idempotencyKeyOf(request) };
  const repeats = { same: [model, user, messages], windowMs: sameChatMs, nowMs: parts.now() };
  const outcome = await createOnce(parts.jobs, wanted, context, repeats);
  if (outcome.kind === 'refused') throw refusal(outcome.problem, request);
  const { job } = outcome;
  request.jobId = job.id;
  const baseUrl = baseUrlOf(request, parts.publicBaseUrl);
  const signal = goneSignal(reply, parts.closing);
  if (request.body.stream === true) {
    const followParts = { ...parts, explain: (error: unknown) => parts.explain(error, request.id) };
    return sendEventStream(reply, followedChunks(about, job, followParts, { baseUrl, signal }));
  }
  const ended = (await parts.jobs.wait(asker, job.id, { waitMs: wholeAnswerMs, signal })) ?? job;
  const wire = await parts.viewer.present(ended, baseUrl);
  return reply.send(wholeCompletion(about, isTerminal(ended.lifecycle.state) ? resultOf(wire) : notYet(wire)));
}

/** Chat apps show the message of an error and nothing else of it. */
function refusal(why: Problem, { id }: FastifyRequest): Refusal {
  return new Refusal({ ...why, message: problemInWords(why, id) });
}

import type { McpServer, ServerContext } from '@modelcontextprotocol/server';
import { publicStatusOf, type VideoJob } from '@video-proxy/core';
import { noSuchJob } from '../jobs/not-found.ts';
import { problemInWords } from '../problem-in-words.ts';
import { type Call, callOf } from './call.ts';
import type { McpParts } from './parts.ts';
import type { McpClasses } from './server.ts';

const mimeType = 'application/json';
const listedMax = 50;

/** JSON-RPC's words for "wrong parameters", which the id of nobody's job is, and for everything else. */
const invalidParams = -32_602;
const internalError = -32_603;

/** `video-job://{id}`, for clients that attach resources to a conversation: the caller's newest jobs, and each in full. */
export function addJobResource(
  server: McpServer,
  { ResourceTemplate, ProtocolError }: Pick<McpClasses, 'ResourceTemplate' | 'ProtocolError'>,
  { jobs, viewer, explain }: McpParts,
): void {
  const template = new ResourceTemplate('video-job://{id}', {
    list: (context) =>
      answered(context, async ({ asker }) => {
        const page = await jobs.list(asker, { limit: listedMax });
        return { resources: page.jobs.map(listed) };
      }),
  });
  const description = 'Everything about one of the user’s video jobs.';
  server.registerResource(
    'video-job',
    template,
    { title: 'A video job', description, mimeType },
    (uri, { id }, context) =>
      answered(context, async ({ asker, baseUrl }) => {
        const job = typeof id === 'string' ? await jobs.get(asker, id) : null;
        if (job === null) throw noSuchJob();
        return { contents: [{ uri: uri.href, mimeType, text: JSON.stringify(await viewer.present(job, baseUrl)) }] };
      }),
  );

  /** Resources have no way to say why there is none but an error of the protocol: one in our words, that tells nothing internal. */
  async function answered<Result>(context: ServerContext, answer: (call: Call) => Promise<Result>): Promise<Result> {
    const call = callOf(context);
    try {
      return await answer(call);
    } catch (error) {
      const { requestId } = call;
      const why = explain(error, requestId);
      throw new ProtocolError(why.code === 'not_found' ? invalidParams : internalError, problemInWords(why, requestId));
    }
  }
}

function listed({ id, prompt, model, lifecycle }: VideoJob) {
  return {
    uri: `video-job://${id}`,
    name: id,
    title: prompt?.slice(0, 80) ?? model,
    description: publicStatusOf(lifecycle.state),
    mimeType,
  };
}

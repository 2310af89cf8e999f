import type { InputFile } from '@video-proxy/ledger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { sendFile } from '../../http/send-file.ts';
import { inputTokenOf } from '../../input-files/index.ts';
import { problem, Refusal } from '../../problem.ts';
import { isSameSecret } from '../../same-secret.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { FilesParts } from './index.ts';
import { fileParams, ownFileOf } from './input-file.ts';

const tokenParams = z.object({ token: z.string() });
const bytes = { description: 'The file', content: { 'application/octet-stream': { schema: z.string() } } };
const idLength = 26;
const shownAs = { isFinal: true, asDownload: false, redirects: false } as const;

/** What is in a file: for its owner by its id, and for the provider, which fetches films and sounds itself, by a token. */
export function addContentRoutes(app: ApiServer, parts: FilesParts): void {
  const { storage, inputFiles } = parts;
  const send = (file: InputFile, request: FastifyRequest, reply: FastifyReply) =>
    sendFile({ ...file, ...shownAs, storage, version: file.id }, request, reply);

  app.get(
    '/v1/files/:id/content',
    {
      config: { access: 'client' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'downloadFile',
        summary: 'What is in one of your files',
        tags: ['files'],
        params: fileParams,
        response: { 200: bytes, 206: bytes, ...openaiErrors(401, 404, 416, 503) },
      },
    },
    async (request, reply) => send(await ownFileOf(request, request.params.id, parts), request, reply),
  );

  const sendShared = async (request: FastifyRequest<{ Params: z.output<typeof tokenParams> }>, reply: FastifyReply) => {
    const { token } = request.params;
    const file = await inputFiles.ledger.inputs.get(`file_${token.slice(0, idLength)}`);
    if (file === null || !isSameSecret(token, inputTokenOf(file))) {
      throw new Refusal(problem('not_found', 'There is no such file, or it has been deleted.'));
    }
    return send(file, request, reply);
  };
  const shared = { config: { access: 'public' }, schema: { hide: true, params: tokenParams } } as const;
  app.get('/f/:token', { ...shared, exposeHeadRoute: false }, sendShared);
  app.head('/f/:token', shared, sendShared);
}

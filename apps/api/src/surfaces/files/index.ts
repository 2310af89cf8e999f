/** `/v1/files`: what videos are made from, uploaded once and named in requests by its id; in the shape of OpenAI's Files API. */
import multipart from '@fastify/multipart';
import {
  deletedInputFile,
  type InputFileWire,
  inputFileList,
  inputFileWire,
  listInputFilesQuery,
} from '@video-proxy/contracts';
import type { InputFile } from '@video-proxy/ledger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf, mayAccess, ownerOf } from '../../asker.ts';
import { sendFile } from '../../http/send-file.ts';
import { deleteInputFile, type InputFileParts, inputTokenOf } from '../../input-files/index.ts';
import { unixSeconds } from '../../presentation/view.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { keepUpload } from './upload.ts';

const params = z.object({ id: z.string().meta({ description: 'The id of a file: `file_…`.' }) });
const tokenParams = z.object({ token: z.string() });
const bytes = { description: 'The file', content: { 'application/octet-stream': { schema: z.string() } } };
const idLength = 26;

type FilesParts = Pick<SurfaceParts, 'storage' | 'retentionMs'> & { readonly inputFiles: InputFileParts };

export async function filesSurface(app: ApiServer, parts: FilesParts): Promise<void> {
  const { inputFiles } = parts;
  const { inputs } = inputFiles.ledger;
  const present = (file: InputFile): InputFileWire => ({
    id: file.id,
    object: 'file',
    bytes: file.sizeBytes,
    created_at: unixSeconds(file.createdAtMs),
    expires_at: unixSeconds(file.createdAtMs + parts.retentionMs),
    filename: file.filename,
    purpose: 'user_data',
    status: 'processed',
    content_type: file.contentType,
  });

  const ownFile = async (request: FastifyRequest, id: string): Promise<InputFile> => {
    const file = await inputs.get(id);
    if (file !== null && mayAccess(askerOf(request), file)) return file;
    throw new Refusal(problem('not_found', 'There is no file with this id, or it has been deleted.', 'id'));
  };

  // In a scope of its own: no other route takes multipart bodies.
  await app.register(async (scope: ApiServer) => addUploadRoute(scope, inputFiles, present));

  app.get(
    '/v1/files',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'listFiles',
        summary: 'Your files, newest first',
        tags: ['files'],
        querystring: listInputFilesQuery,
        response: { 200: inputFileList, ...openaiErrors(400, 401, 503) },
      },
    },
    async (request, reply) => {
      const { limit, after = null } = request.query;
      const found = await inputs.list(ownerOf(askerOf(request)), { limit: limit + 1, after });
      const data = found.slice(0, limit).map(present);
      const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
      return reply.send({ object: 'list', data, first_id, last_id, has_more: found.length > limit });
    },
  );

  app.get(
    '/v1/files/:id',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'getFile',
        summary: 'One of your files',
        tags: ['files'],
        params,
        response: { 200: inputFileWire, ...openaiErrors(401, 404, 503) },
      },
    },
    async (request, reply) => reply.send(present(await ownFile(request, request.params.id))),
  );

  app.delete(
    '/v1/files/:id',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'deleteFile',
        summary: 'Delete a file; jobs that were not sent yet and name it will fail',
        tags: ['files'],
        params,
        response: { 200: deletedInputFile, ...openaiErrors(401, 404, 503) },
      },
    },
    async (request, reply) => {
      const file = await ownFile(request, request.params.id);
      await deleteInputFile(inputFiles, file);
      return reply.send({ id: file.id, object: 'file', deleted: true });
    },
  );

  const send = (file: InputFile, request: FastifyRequest, reply: FastifyReply) =>
    sendFile({ ...file, ...shownAs, storage: parts.storage, version: file.id }, request, reply);

  app.get(
    '/v1/files/:id/content',
    {
      config: { access: 'client' },
      exposeHeadRoute: false,
      schema: {
        operationId: 'downloadFile',
        summary: 'What is in one of your files',
        tags: ['files'],
        params,
        response: { 200: bytes, 206: bytes, ...openaiErrors(401, 404, 416, 503) },
      },
    },
    async (request, reply) => send(await ownFile(request, request.params.id), request, reply),
  );

  const sendShared = async (request: FastifyRequest<{ Params: z.output<typeof tokenParams> }>, reply: FastifyReply) => {
    const { token } = request.params;
    const file = await inputs.get(`file_${token.slice(0, idLength)}`);
    if (file === null || inputTokenOf(file) !== token) {
      throw new Refusal(problem('not_found', 'There is no such file, or it has been deleted.'));
    }
    return send(file, request, reply);
  };
  const shared = {
    config: { access: 'public' as const },
    exposeHeadRoute: false,
    schema: { hide: true, params: tokenParams },
  };
  // For the provider, which fetches films and sounds itself.
  app.get('/f/:token', shared, sendShared);
  app.head('/f/:token', { config: { access: 'public' }, schema: { hide: true, params: tokenParams } }, sendShared);
}

const shownAs = { isFinal: true, asDownload: false, redirects: false } as const;

async function addUploadRoute(
  app: ApiServer,
  parts: InputFileParts,
  present: (file: InputFile) => InputFileWire,
): Promise<void> {
  // A file is cut off where it is written, by its own limit; fields are not read.
  await app.register(multipart, { limits: { files: 1, fields: 10, fileSize: Number.POSITIVE_INFINITY } });
  app.post(
    '/v1/files',
    {
      config: { access: 'client', creates: true },
      schema: {
        operationId: 'createFile',
        summary: 'Upload a picture, film or sound to make a video from (multipart/form-data, field `file`)',
        tags: ['files'],
        response: { 200: inputFileWire, ...openaiErrors(400, 401, 413, 415, 503) },
      },
    },
    async (request, reply) => reply.send(present(await keepUpload(request, parts))),
  );
}

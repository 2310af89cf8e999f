import { deletedInputFile, inputFileList, inputFileWire, listInputFilesQuery } from '@video-proxy/contracts';
import { askerOf, ownerOf } from '../../asker.ts';
import { deleteInputFile } from '../../input-files/index.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { FilesParts } from './index.ts';
import { fileParams, ownFileOf, presentInputFile } from './input-file.ts';

export function addRecordRoutes(app: ApiServer, parts: FilesParts): void {
  const { inputs } = parts.inputFiles.ledger;
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
      const data = found.slice(0, limit).map((file) => presentInputFile(file, parts));
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
        params: fileParams,
        response: { 200: inputFileWire, ...openaiErrors(401, 404, 503) },
      },
    },
    async (request, reply) => reply.send(presentInputFile(await ownFileOf(request, request.params.id, parts), parts)),
  );

  app.delete(
    '/v1/files/:id',
    {
      config: { access: 'client' },
      schema: {
        operationId: 'deleteFile',
        summary: 'Delete a file; jobs that were not sent yet and name it will fail',
        tags: ['files'],
        params: fileParams,
        response: { 200: deletedInputFile, ...openaiErrors(401, 404, 503) },
      },
    },
    async (request, reply) => {
      const file = await ownFileOf(request, request.params.id, parts);
      await deleteInputFile(parts.inputFiles, file);
      return reply.send({ id: file.id, object: 'file', deleted: true });
    },
  );
}

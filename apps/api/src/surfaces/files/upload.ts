import multipart from '@fastify/multipart';
import { inputFileWire } from '@video-proxy/contracts';
import type { InputFile } from '@video-proxy/ledger';
import type { FastifyRequest } from 'fastify';
import { askerOf, ownerOf } from '../../asker.ts';
import { anySizeBytesMax, arrive, type InputFileParts, keepInputFile } from '../../input-files/index.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import { openaiErrors } from '../documented-errors.ts';
import type { FilesParts } from './index.ts';
import { presentInputFile } from './input-file.ts';

export async function addUploadRoute(app: ApiServer, parts: FilesParts): Promise<void> {
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
    async (request, reply) => reply.send(presentInputFile(await keepUpload(request, parts.inputFiles), parts)),
  );
}

/** The file in the field `file` of a multipart request, kept for its sender. */
async function keepUpload(request: FastifyRequest, parts: InputFileParts): Promise<InputFile> {
  const owner = ownerOf(askerOf(request));
  if (!request.isMultipart()) {
    throw new Refusal(problem('unsupported_media_type', 'Send the file as multipart/form-data.', 'content-type'));
  }
  for await (const part of request.parts()) {
    if (part.type !== 'file') continue;
    if (part.fieldname !== 'file') {
      throw new Refusal(
        problem('invalid_request', `Unknown field "${part.fieldname}": the file goes into "file".`, part.fieldname),
      );
    }
    await using arrived = await arrive(parts.temporaryDirectory, part.file, anySizeBytesMax);
    if (arrived.isTooLarge) {
      const text = `"file" holds more than ${anySizeBytesMax / 1024 / 1024} MB.`;
      throw new Refusal(problem('request_too_large', text, 'file'));
    }
    const kept = await keepInputFile(parts, { ...arrived, owner, filename: part.filename, param: 'file' });
    if (kept.kind === 'refused') throw new Refusal(kept.problem);
    return kept.file;
  }
  throw new Refusal(problem('invalid_request', '"file" is required.', 'file'));
}

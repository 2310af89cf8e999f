import type { InputFileWire } from '@video-proxy/contracts';
import type { InputFile } from '@video-proxy/ledger';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { askerOf, mayAccess } from '../../asker.ts';
import { unixSeconds } from '../../presentation/view.ts';
import { problem, Refusal } from '../../problem.ts';
import type { FilesParts } from './index.ts';

export const fileParams = z.object({ id: z.string().meta({ description: 'The id of a file: `file_…`.' }) });

/** The file behind an id, for who may see it; the same words for an unknown one and for somebody else's. */
export async function ownFileOf(request: FastifyRequest, id: string, { inputFiles }: FilesParts): Promise<InputFile> {
  const file = await inputFiles.ledger.inputs.get(id);
  if (file !== null && mayAccess(askerOf(request), file)) return file;
  throw new Refusal(problem('not_found', 'There is no file with this id, or it has been deleted.', 'id'));
}

export function presentInputFile(file: InputFile, { retentionMs }: FilesParts): InputFileWire {
  return {
    id: file.id,
    object: 'file',
    bytes: file.sizeBytes,
    created_at: unixSeconds(file.createdAtMs),
    expires_at: unixSeconds(file.createdAtMs + retentionMs),
    filename: file.filename,
    purpose: 'user_data',
    status: 'processed',
    content_type: file.contentType,
  };
}

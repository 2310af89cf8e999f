/** `/v1/files`: what videos are made from, uploaded once and named in requests by its id; in the shape of OpenAI's Files API. */
import type { InputFileParts } from '../../input-files/index.ts';
import type { ApiServer } from '../../server.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import { addContentRoutes } from './content.ts';
import { addRecordRoutes } from './records.ts';
import { addUploadRoute } from './upload.ts';

export type FilesParts = Pick<SurfaceParts, 'storage' | 'retentionMs'> & { readonly inputFiles: InputFileParts };

export async function filesSurface(app: ApiServer, parts: FilesParts): Promise<void> {
  // In a scope of its own: no other route takes multipart bodies.
  await app.register(async (scope: ApiServer) => addUploadRoute(scope, parts));
  addRecordRoutes(app, parts);
  addContentRoutes(app, parts);
}

/** Pictures, films and sounds that videos are made from: taken in, checked by their content, and handed on to the provider. */
export { arrive } from './arrival.ts';
export { deleteInputFile, keepInputFile } from './keep.ts';
export { anySizeBytesMax, mediumOf } from './media.ts';
export type { InputFileParts } from './parts.ts';
export { inputTokenOf, keepsInputs, useInputs } from './use.ts';

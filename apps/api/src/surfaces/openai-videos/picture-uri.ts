import { mediumOf } from '../../input-files/index.ts';
import { problem, Refusal } from '../../problem.ts';

/** The picture in a form as the data: URI that JSON would have held. Its type is that of its content: clients leave it out. */
export async function pictureUri(name: string, file: File): Promise<string> {
  if (name !== 'input_reference') {
    const text = `"${name.slice(0, 64)}" is a file; only input_reference takes one.`;
    throw new Refusal(problem('invalid_request', text, name));
  }
  const bytes = Buffer.from(await file.arrayBuffer());
  const medium = await mediumOf(bytes);
  if (medium?.kind === 'image') return `data:${medium.contentType};base64,${bytes.toString('base64')}`;
  const text =
    '"input_reference" must be a picture: PNG, JPEG, WebP or GIF. Videos go into the parameter that their model has for them.';
  throw new Refusal(problem('invalid_request', text, 'input_reference'));
}

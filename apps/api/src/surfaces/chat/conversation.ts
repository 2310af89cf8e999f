import { z } from 'zod';

const part = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({ type: z.literal('image_url'), image_url: z.union([z.string(), z.object({ url: z.string() })]) }),
  z.looseObject({ type: z.string() }),
]);

const message = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.array(part)]).nullish(),
});

/** A chat completion as any client asks for one; what a language model alone would use is not looked at. */
export const chatRequest = z.looseObject({
  model: z.string().min(1).max(200),
  messages: z.array(message).min(1).max(2_000),
  stream: z.boolean().nullish(),
  user: z.string().nullish(),
});

export type ChatRequest = z.output<typeof chatRequest>;
type Message = ChatRequest['messages'][number];

export interface SaidLast {
  readonly text: string;
  readonly images: readonly string[];
}

/** What the user said last; null when it was not the user. */
export function saidLast({ messages }: ChatRequest): SaidLast | null {
  const last = messages.at(-1);
  if (last?.role !== 'user') return null;
  return { text: textOf(last).trim(), images: imagesOf(last) };
}

export function textOf({ content }: Message): string {
  if (typeof content === 'string') return content;
  return (content ?? []).map((one) => ('text' in one && typeof one.text === 'string' ? one.text : '')).join('\n');
}

function imagesOf({ content }: Message): readonly string[] {
  if (typeof content === 'string') return [];
  return (content ?? []).flatMap((one) => {
    if (one.type !== 'image_url' || !('image_url' in one)) return [];
    const { image_url: image } = one;
    if (typeof image === 'string') return [image];
    return typeof image === 'object' && image !== null && 'url' in image ? [String(image.url)] : [];
  });
}

import { setTimeout as delay } from 'node:timers/promises';
import type { Behaviour, FileTrouble } from '../scenarios/behaviour.ts';
import { type Content, noise } from '../videos/content.ts';
import type { Span } from './ranges.ts';

const portionsPerSecond = 10;
const endlessBlock = noise(64 * 1024);

/**
 * The bytes of one download, as slow, short or endless as the behaviour wants. Pulled by the connection, so a slow
 * reader is never ahead of itself; ends when `signal` aborts.
 */
export async function* fileStream(
  content: Content,
  span: Span,
  how: { readonly behaviour: Behaviour; readonly trouble: FileTrouble | null; readonly signal: AbortSignal },
): AsyncGenerator<Uint8Array> {
  const { behaviour, trouble, signal } = how;
  const halfway = trouble === 'cut' || trouble === 'stall';
  const end = halfway ? span.start + Math.ceil((span.end - span.start) / 2) : span.end;
  for (const chunk of content.read(span.start, end)) yield* paced(chunk, behaviour.fileBytesPerSecond, signal);
  if (trouble === 'cut') throw new Error('the sandbox cuts this download');
  if (trouble === 'stall') await aborted(signal);
  while (behaviour.fileEndless && !signal.aborted) {
    for (const chunk of endlessBlock.read(0, endlessBlock.sizeBytes)) {
      yield* paced(chunk, behaviour.fileBytesPerSecond, signal);
    }
  }
}

async function* paced(
  chunk: Uint8Array,
  bytesPerSecond: number | null,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (bytesPerSecond === null) {
    yield chunk;
    return;
  }
  const portionBytes = Math.max(1, Math.round(bytesPerSecond / portionsPerSecond));
  for (let at = 0; at < chunk.length && !signal.aborted; at += portionBytes) {
    yield chunk.subarray(at, at + portionBytes);
    await delay(1000 / portionsPerSecond, undefined, { signal }).catch(() => undefined);
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
}

import type { SurfaceParts } from '../surface-parts.ts';

/** Where players are sent on to, which a page has to allow them; null when they stay here. Asked once: it never changes. */
export function mediaOriginOf({
  storage,
  redirectsToStorage,
}: Pick<SurfaceParts, 'storage' | 'redirectsToStorage'>): () => Promise<string | null> {
  const ask = async () => {
    const link = await storage.link('any/video.mp4', { disposition: 'inline', lifetimeSeconds: 1 });
    return link === null ? null : new URL(link).origin;
  };
  if (!redirectsToStorage) return async () => null;
  let known: Promise<string | null> | null = null;
  return () => (known ??= ask());
}

import type { Explain } from '../problem-in-words.ts';
import type { SurfaceParts } from '../surface-parts.ts';

export interface McpParts extends Pick<SurfaceParts, 'jobs' | 'viewer' | 'catalog' | 'now'> {
  readonly explain: Explain;
}

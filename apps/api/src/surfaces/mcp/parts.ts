import type { SurfaceParts } from '../surface-parts.ts';
import type { Explain } from './call.ts';

export interface McpParts extends Pick<SurfaceParts, 'jobs' | 'viewer' | 'catalog' | 'now'> {
  readonly explain: Explain;
}

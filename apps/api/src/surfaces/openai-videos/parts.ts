import { problem, Refusal } from '../../problem.ts';
import type { SurfaceParts } from '../surface-parts.ts';

export interface OpenaiVideosParts extends SurfaceParts {
  /** For requests without a model. */
  readonly defaultModel: string;
}

/** The same words for an unknown id and for somebody else's video. */
export function noSuchVideo(): Refusal {
  return new Refusal(problem('not_found', 'There is no video with this id, or it has been deleted.', 'id'));
}

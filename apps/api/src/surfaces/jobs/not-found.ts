import { problem, Refusal } from '../../problem.ts';

/** The same words for an unknown id and for somebody else's job. */
export function noSuchJob(): Refusal {
  return new Refusal(problem('not_found', 'There is no video job with this id, or it has been deleted.', 'id'));
}

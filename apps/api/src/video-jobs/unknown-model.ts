import type { Catalog } from '@video-proxy/aimlapi/catalog';
import { type Problem, problem } from '../problem.ts';

const shownMax = 100;

/** A model name that no model has, with the ids that look like it. */
export function unknownModel(catalog: Pick<Catalog, 'closest'>, name: string): Problem {
  const closest = catalog.closest(name);
  const suggestion = closest.length === 0 ? '' : ` Did you mean ${closest.join(', ')}?`;
  const shown = name.length > shownMax ? `${name.slice(0, shownMax)}…` : name;
  const text = `The model "${shown}" does not exist.${suggestion} GET /v1/models lists all of them. Nothing was billed.`;
  return problem('model_not_found', text, 'model');
}

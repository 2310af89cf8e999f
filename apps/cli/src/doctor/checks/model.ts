import { type Catalog, providerModelName } from '@video-proxy/aimlapi/catalog';
import { type Finding, fail, ok } from '../finding.ts';

/** A model id against the catalog that requests are checked with. */
export function examineModel(
  model: string | null,
  catalog: Pick<Catalog, 'find' | 'closest' | 'list'>,
): readonly Finding[] {
  if (model === null) return [ok('model', `${catalog.list().length} video models known; check one with --model <id>`)];
  const found = catalog.find(providerModelName(model, false));
  if (found !== null) return [ok('model', `model ${model} is known${found.id === model ? '' : ` as ${found.id}`}`)];
  const closest = catalog.closest(model);
  return [
    fail(
      'model',
      'model_unknown',
      `configured model ${model} is unknown`,
      closest.length > 0 ? `did you mean ${closest.join(' or ')}?` : 'choose one from GET /v1/models',
    ),
  ];
}

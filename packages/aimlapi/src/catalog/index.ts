/**
 * What can be asked of the provider: its documented video models, their other names, parameters and usual times, corrected
 * by its live list. Needs no network and no HTTP client, so a process that only checks requests starts fast.
 */
import type { JsonObject } from '@video-proxy/core';
import { openChecker } from './check.ts';
import { closestIds } from './closest.ts';
import { documentedModels } from './documented-models.ts';
import { mergeLiveList } from './live-list.ts';
import type { ListedModel, ParameterCheck, VideoModel } from './video-model.ts';

export { clipSecondsOf, lengthParameters, usualLength } from './clip-length.ts';
export { describe, type ModelDescription } from './describe.ts';
export { documentationSnapshot } from './documented-models.ts';
export { expectedSecondsOf } from './families.ts';
export { isPictureParameter, pictureParameters } from './first-picture.ts';
export { type FrameSize, frameSizeOf, type SizeRequest, sizeParameters } from './frame-size.ts';
export { providerModelName } from './openai-names.ts';
export type {
  ListedModel,
  Mode,
  ParameterCheck,
  ParameterIssue,
  ParameterSchema,
  PromptRule,
  VideoModel,
} from './video-model.ts';

export interface Catalog {
  /** By id or alias, whatever the letter case. The found `id` is the one to send. */
  find(idOrAlias: string): VideoModel | null;
  /** Ids that look like a mistyped one, best first; empty when nothing does. */
  closest(idOrAlias: string, countMax?: number): readonly string[];
  /** In the order of the documentation, then models that only the live list knows. */
  list(): readonly VideoModel[];
  /** Checks a request before it can cost anything. Never throws, whatever the parameters hold. */
  check(
    model: VideoModel,
    request: { readonly prompt: string | null; readonly parameters: JsonObject },
  ): ParameterCheck;
  /** Takes over the provider's live list at once; models found before stay valid as values. An empty list is ignored. */
  refresh(listed: readonly ListedModel[]): void;
}

interface View {
  readonly models: readonly VideoModel[];
  readonly byName: ReadonlyMap<string, VideoModel>;
}

export function openCatalog(): Catalog {
  const documented = documentedModels();
  const check = openChecker();
  let view = viewOf(documented);
  return {
    find: (idOrAlias) => view.byName.get(idOrAlias.toLowerCase()) ?? null,
    closest: (idOrAlias, countMax = 3) => closestIds(idOrAlias, namesOf(view), countMax),
    list: () => view.models,
    check,
    refresh(listed) {
      if (listed.length > 0) view = viewOf(mergeLiveList(documented, listed));
    },
  };
}

/** Ids are entered after aliases, so that an alias never hides a model of that very name. */
function viewOf(models: readonly VideoModel[]): View {
  const byName = new Map<string, VideoModel>();
  for (const model of models) for (const alias of model.aliases) byName.set(alias.toLowerCase(), model);
  for (const model of models) byName.set(model.id.toLowerCase(), model);
  return { models, byName };
}

function* namesOf(view: View): Iterable<readonly [string, string]> {
  for (const [name, model] of view.byName) yield [name, model.id];
}

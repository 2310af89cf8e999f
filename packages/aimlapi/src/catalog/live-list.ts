import { expectedSecondsOf, familyNameOf } from './families.ts';
import type { ListedModel, VideoModel } from './video-model.ts';

const lower = (name: string) => name.toLowerCase();

/**
 * The documented models as the provider's live list corrects them. A model keeps its documented id while the list knows
 * that id; where the list knows only one of its aliases, that name becomes the id, because it is what the provider
 * accepts. Ids that left the list stay known (the list may be filtered for this account), marked `listed: false`.
 * New ids are known without a schema.
 */
export function mergeLiveList(
  documented: readonly VideoModel[],
  listed: readonly ListedModel[],
): readonly VideoModel[] {
  const byName = new Map<string, ListedModel>();
  for (const entry of listed) for (const name of [...entry.aliases, entry.id]) byName.set(lower(name), entry);
  const used = new Set<ListedModel>();

  const own = documented.map((model) => {
    const entry = byName.get(lower(model.id));
    if (entry !== undefined) used.add(entry);
    return { model, entry };
  });
  const known = own.map(({ model, entry }) => {
    if (entry !== undefined) return underNames(model, model.id, [...model.aliases, entry.id, ...entry.aliases]);
    const alias = model.aliases.map((name) => byName.get(lower(name))).find((found) => found && !used.has(found));
    if (alias === undefined) return { ...model, listed: false };
    used.add(alias);
    return underNames(model, alias.id, [model.id, ...model.aliases, ...alias.aliases]);
  });
  return [...known, ...listed.filter((entry) => !used.has(entry)).map(undocumented)];
}

function underNames(model: VideoModel, id: string, names: readonly string[]): VideoModel {
  const aliases = [...new Set(names.filter((name) => lower(name) !== lower(id)))];
  return { ...model, id, aliases, listed: true };
}

function undocumented({ id, aliases }: ListedModel): VideoModel {
  return {
    id,
    aliases,
    vendor: null,
    family: familyNameOf(id),
    modes: [],
    prompt: { required: false },
    parameters: null,
    expectedSeconds: expectedSecondsOf(id),
    listed: true,
  };
}

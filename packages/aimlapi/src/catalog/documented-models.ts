import type { JsonObject } from '@video-proxy/core';
import { documentedAliases } from './aliases.ts';
import { expectedSecondsOf, familyNameOf } from './families.ts';
import snapshot from './models.json' with { type: 'json' };
import { modesOf } from './modes.ts';
import type { PromptRule, VideoModel } from './video-model.ts';

interface DocumentedModel {
  readonly vendor: string;
  readonly prompt: PromptRule | null;
  readonly required: readonly string[];
  readonly properties: { readonly [name: string]: JsonObject };
}

/** Which state of the provider's documentation the catalog was made from. */
export const documentationSnapshot: string = snapshot.snapshot;

/** The models of the provider's documentation. The data file is ours, so its shape is trusted. */
export function documentedModels(): readonly VideoModel[] {
  const models = snapshot.models as unknown as { readonly [id: string]: DocumentedModel };
  return Object.entries(models).map(([id, { vendor, prompt, required, properties }]) => ({
    id,
    aliases: Object.keys(documentedAliases).filter((alias) => documentedAliases[alias] === id),
    vendor,
    family: familyNameOf(id),
    modes: modesOf(prompt !== null, properties, required),
    prompt,
    parameters: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties,
      required,
      additionalProperties: false,
    },
    expectedSeconds: expectedSecondsOf(id),
    listed: null,
  }));
}

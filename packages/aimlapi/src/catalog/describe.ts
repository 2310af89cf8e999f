import { documentationSnapshot } from './documented-models.ts';
import type { Mode, ParameterSchema, VideoModel } from './video-model.ts';

/** One model as `GET /v1/models/{id}` shows it. */
export interface ModelDescription {
  readonly id: string;
  readonly aliases: readonly string[];
  readonly vendor: string | null;
  readonly family: string | null;
  readonly modes: readonly Mode[];
  /** Null: takes no prompt. `max_length` in characters, null where none is stated. */
  readonly prompt: { readonly required: boolean; readonly max_length: number | null } | null;
  /** Null: not documented, so parameters go through unchecked. */
  readonly parameters: ParameterSchema | null;
  readonly expected_seconds: number;
  /** Whether the provider's live list has it; null while that list was not read. */
  readonly listed: boolean | null;
  readonly documentation: string | null;
}

export function describe(model: VideoModel): ModelDescription {
  return {
    id: model.id,
    aliases: model.aliases,
    vendor: model.vendor,
    family: model.family,
    modes: model.modes,
    prompt: model.prompt && { required: model.prompt.required, max_length: model.prompt.maxLength ?? null },
    parameters: model.parameters,
    expected_seconds: model.expectedSeconds,
    listed: model.listed,
    documentation: model.parameters && documentationSnapshot,
  };
}

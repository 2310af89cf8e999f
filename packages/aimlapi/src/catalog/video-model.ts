import type { JsonObject, JsonValue } from '@video-proxy/core';

/** What goes in besides text, and so what kind of generation it is. */
export type Mode = 'text-to-video' | 'image-to-video' | 'reference-to-video' | 'video-to-video' | 'audio-to-video';

export interface PromptRule {
  readonly required: boolean;
  /** In characters; absent where the provider states none. */
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** JSON Schema, draft 2020-12, of the `parameters` object: everything a model takes besides `model` and `prompt`. */
export interface ParameterSchema {
  readonly $schema: string;
  readonly type: 'object';
  readonly properties: { readonly [name: string]: JsonObject };
  readonly required: readonly string[];
  readonly additionalProperties: false;
}

export interface VideoModel {
  readonly id: string;
  readonly aliases: readonly string[];
  /** Null for a model that only the provider's live list knows, as is everything it does not state. */
  readonly vendor: string | null;
  readonly family: string | null;
  readonly modes: readonly Mode[];
  /** Null: the model takes no prompt. */
  readonly prompt: PromptRule | null;
  /** Null: not documented, so parameters go through unchecked. */
  readonly parameters: ParameterSchema | null;
  /** Usual time of a generation with the model's default clip length. */
  readonly expectedSeconds: number;
  /** Whether the last live list had it; null before there was one. */
  readonly listed: boolean | null;
}

/** One model of the provider's live list (`GET /v1/models`). */
export interface ListedModel {
  readonly id: string;
  readonly aliases: readonly string[];
}

export interface ParameterIssue {
  /** `prompt`, a parameter's name, or a path into it such as `multi_prompt[0].duration`. */
  readonly param: string;
  /** A sentence for the person who sent the request. */
  readonly message: string;
  /** The values that would be accepted, where they can be listed. */
  readonly allowed?: readonly JsonValue[];
}

export type ParameterCheck =
  /** `prompt` and `parameters` as they should be sent: numbers for numeric strings, values in the model's own spelling. */
  | { readonly kind: 'valid'; readonly prompt: string | null; readonly parameters: JsonObject }
  | { readonly kind: 'invalid'; readonly issues: readonly ParameterIssue[] };

import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { Behaviour } from '../scenarios/behaviour.ts';
import { nearestShape } from '../videos/shape.ts';
import { creditsPerUsd } from './account.ts';
import { demoSeconds, familyOf } from './families.ts';
import type { Generation } from './generation.ts';
import { generationId } from './ids.ts';

/** Numeric strings are taken too: the provider's own samples send `"5"`. */
const number = z.union([z.number(), z.string().regex(/^\d{1,4}(\.\d{1,3})?$/)]);

/** The fields the sandbox looks at. Unknown ones are let through: no specification of the provider forbids them. */
export const createBodySchema = z.looseObject({
  model: z.string().min(1).max(200),
  prompt: z.string().nullish(),
  duration: number.nullish(),
  aspect_ratio: z.string().nullish(),
  ratio: z.string().nullish(),
  frame_size: z.string().nullish(),
  generate_audio: z.boolean().nullish(),
});

export type CreateBody = z.output<typeof createBodySchema>;

/** Given by whoever starts the sandbox: one time for all, or a time for each request. */
export type GenerationSeconds =
  | number
  | ((request: { readonly model: string; readonly durationSeconds: number }) => number);

const usualDurationSeconds = 5;
/** A longer one would be built in memory for nothing; no model offers more than half of this. */
const longestDurationSeconds = 60;

/** Makes the generation a valid request asks for. */
export function newGeneration(
  body: CreateBody,
  behaviour: Behaviour,
  known: {
    readonly words: string;
    readonly requestId: string;
    readonly clientRequestId: string | null;
    readonly nowMs: number;
    readonly generationSeconds: GenerationSeconds;
  },
): Generation {
  const { model } = body;
  const durationSeconds = durationOf(body);
  const takesSeconds = behaviour.generationSeconds ?? secondsFor(known.generationSeconds, model, durationSeconds);
  return {
    id: generationId(behaviour.idShape, model, known.nowMs),
    fileName: `${known.nowMs}-${randomUUID()}.mp4`,
    model,
    words: known.words,
    requestId: known.requestId,
    clientRequestId: known.clientRequestId,
    createdAtMs: known.nowMs,
    takesMs: Math.round(takesSeconds * 1000),
    costCredits: Math.round(familyOf(model).usdPerSecond * durationSeconds * creditsPerUsd),
    shape: nearestShape(body.aspect_ratio ?? body.ratio ?? body.frame_size ?? null),
    durationSeconds,
    // All models that have the parameter make sound unless told not to.
    sound: body.generate_audio !== false,
  };
}

function durationOf(body: CreateBody): number {
  const asked = Number(body.duration ?? usualDurationSeconds);
  return asked > 0 ? Math.min(asked, longestDurationSeconds) : usualDurationSeconds;
}

function secondsFor(setting: GenerationSeconds, model: string, durationSeconds: number): number {
  return typeof setting === 'number' ? setting : setting({ model, durationSeconds });
}

/** The default of `generationSeconds`. */
export function usualGenerationSeconds({ model }: { readonly model: string }): number {
  return demoSeconds(model);
}

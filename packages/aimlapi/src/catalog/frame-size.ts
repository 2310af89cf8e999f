import type { JsonObject, JsonValue } from '@video-proxy/core';
import type { VideoModel } from './video-model.ts';

/** In pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** One combination of a model's parameters that decide about the picture; null for what it leaves open. */
interface SizeChoice {
  readonly parameters: JsonObject;
  readonly ratio: number | null;
  readonly shortSide: number | null;
}

export type SizeRequest =
  | { readonly kind: 'offered'; readonly parameters: JsonObject }
  /** `offered` tells what could be asked for, in words for a person; empty when the model lets nobody choose. */
  | { readonly kind: 'not_offered'; readonly offered: readonly string[] };

const ratioNames = ['aspect_ratio', 'ratio'];
const namedShortSides: Readonly<Record<string, number>> = { hd: 720, fhd: 1080, '4k': 2160 };

/** 1792x1024 is asked for where 16:9 is meant, 1024 where 1080 is, 720p where a model has 768P: logarithms of what still counts as the same. */
const ratioTolerance = 0.03;
const shortSideTolerance = 0.1;
const offeredMax = 20;

/** The parameters with which a model makes frames of (about) a size in pixels. */
export function sizeParameters(model: VideoModel, wanted: FrameSize): SizeRequest {
  const choices = choicesOf(model);
  const [best] = choices
    .map((choice) => ({ choice, apart: distance(choice, wanted) }))
    .filter(({ apart }) => apart !== null)
    .sort((a, b) => (a.apart ?? 0) - (b.apart ?? 0));
  if (best !== undefined) return { kind: 'offered', parameters: best.choice.parameters };
  return { kind: 'not_offered', offered: [...new Set(choices.map(wordsFor))].slice(0, offeredMax) };
}

/** The size that parameters ask for, with the model's own choice for what they do not say; null when it is not fixed by them. */
export function frameSizeOf(model: VideoModel, parameters: JsonObject): FrameSize | null {
  const properties = model.parameters?.properties ?? {};
  const value = (name: string): JsonValue => parameters[name] ?? properties[name]?.['default'] ?? null;
  const exact = pixelsOf(value('frame_size'));
  if (exact !== null) return exact;
  const ratio = ratioNames.map((name) => ratioOf(value(name))).find((known) => known !== null);
  const shortSide = shortSideOf(value('resolution'));
  return ratio === undefined || shortSide === null ? null : sizeOf(ratio, shortSide);
}

function choicesOf({ parameters }: VideoModel): SizeChoice[] {
  const properties = parameters?.properties ?? {};
  const optionsOf = (name: string) => {
    const options = properties[name]?.['enum'];
    return Array.isArray(options) ? options : [];
  };
  const frames = optionsOf('frame_size').flatMap((option) => {
    const pixels = pixelsOf(option);
    return pixels === null ? [] : [{ parameters: { frame_size: option }, ...shapeOf(pixels) }];
  });
  const ratios = ratioNames.flatMap((name) =>
    optionsOf(name).flatMap((option) => {
      const ratio = ratioOf(option);
      return ratio === null ? [] : [{ parameters: { [name]: option }, ratio }];
    }),
  );
  const resolutions = optionsOf('resolution').flatMap((option) => {
    const shortSide = shortSideOf(option);
    return shortSide === null ? [] : [{ parameters: { resolution: option }, shortSide }];
  });
  return [...frames, ...combined(ratios, resolutions)];
}

function combined(
  ratios: readonly { readonly parameters: JsonObject; readonly ratio: number }[],
  resolutions: readonly { readonly parameters: JsonObject; readonly shortSide: number }[],
): SizeChoice[] {
  if (ratios.length === 0) return resolutions.map((resolution) => ({ ...resolution, ratio: null }));
  if (resolutions.length === 0) return ratios.map((ratio) => ({ ...ratio, shortSide: null }));
  return ratios.flatMap(({ ratio, parameters }) =>
    resolutions.map(({ shortSide, parameters: more }) => ({
      ratio,
      shortSide,
      parameters: { ...parameters, ...more },
    })),
  );
}

/** How far a choice is from what is wanted, or null when it is something else. */
function distance({ ratio, shortSide }: SizeChoice, wanted: FrameSize): number | null {
  const shape = shapeOf(wanted);
  const apart = (a: number | null, b: number) => (a === null ? 0 : Math.abs(Math.log(a / b)));
  const [inRatio, inSize] = [apart(ratio, shape.ratio), apart(shortSide, shape.shortSide)];
  return inRatio <= ratioTolerance && inSize <= shortSideTolerance ? inRatio + inSize : null;
}

const shapeOf = ({ width, height }: FrameSize) => ({ ratio: width / height, shortSide: Math.min(width, height) });

function sizeOf(ratio: number, shortSide: number): FrameSize {
  // Video frames have even sides.
  const longSide = 2 * Math.round((shortSide * Math.max(ratio, 1 / ratio)) / 2);
  return ratio >= 1 ? { width: longSide, height: shortSide } : { width: shortSide, height: longSide };
}

function wordsFor({ ratio, shortSide, parameters }: SizeChoice): string {
  if (ratio === null || shortSide === null) return Object.values(parameters).join(' ');
  const { width, height } = sizeOf(ratio, shortSide);
  return `${width}x${height}`;
}

/** `1280:720` */
function pixelsOf(value: JsonValue): FrameSize | null {
  const [, width, height] = /^(\d{3,4}):(\d{3,4})$/.exec(String(value)) ?? [];
  return width === undefined || height === undefined ? null : { width: Number(width), height: Number(height) };
}

/** `16:9`; null for `auto` and `adaptive`. */
function ratioOf(value: JsonValue): number | null {
  const [, width, height] = /^(\d{1,2}):(\d{1,2})$/.exec(String(value)) ?? [];
  return width === undefined || height === undefined ? null : Number(width) / Number(height);
}

/** `720p`, `768P`, `fhd`. `2K` is left out: its documentation does not say which of its meanings it has. */
function shortSideOf(value: JsonValue): number | null {
  const name = String(value).toLowerCase();
  const lines = /^(\d{3,4})p$/.exec(name)?.[1];
  return lines === undefined ? (namedShortSides[name] ?? null) : Number(lines);
}

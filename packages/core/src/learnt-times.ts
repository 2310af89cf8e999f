import type { ProviderName } from './evidence.ts';
import type { VideoJob } from './video-job.ts';

/** Generations whose times can be compared: of one model, and of one length where the request names it. */
export interface GenerationKind {
  readonly provider: ProviderName;
  readonly model: string;
  readonly lengthSeconds: number | null;
}

/** How long the last generations of one kind took: a tenth, half and nine tenths of them were finished by then. */
export interface LearntTimes {
  readonly p10Ms: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
}

/** Fewer say too little about the slow ones. */
const samplesMin = 5;

/** Nobody makes longer clips; a longer one shares the times of this length, so that requests cannot make up endless kinds. */
const lengthSecondsMax = 600;

export function generationKindOf({
  provider,
  model,
  parameters,
}: Pick<VideoJob, 'provider' | 'model' | 'parameters'>): GenerationKind {
  return { provider, model, lengthSeconds: lengthSecondsOf(parameters['duration']) };
}

/** Most models take a number, and many its text as well. */
function lengthSecondsOf(duration: unknown): number | null {
  const seconds = typeof duration === 'string' && duration !== '' ? Number(duration) : duration;
  if (typeof seconds !== 'number' || !Number.isFinite(seconds) || seconds < 0) return null;
  return Math.min(lengthSecondsMax, Math.round(seconds));
}

/** @returns null as long as there are too few samples to say anything */
export function learntTimesOf(samplesMs: readonly number[]): LearntTimes | null {
  if (samplesMs.length < samplesMin) return null;
  const sorted = samplesMs.toSorted((a, b) => a - b);
  return { p10Ms: quantile(sorted, 0.1), p50Ms: quantile(sorted, 0.5), p90Ms: quantile(sorted, 0.9) };
}

/** Between two samples the value is on the line that joins them. */
function quantile(sorted: readonly number[], share: number): number {
  const position = (sorted.length - 1) * share;
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}

/** When polls were sent, not answered, counted from when the generation was submitted. */
export interface Discovery {
  /** The last poll that found it unfinished; null when none did, or nobody remembers. */
  readonly pendingAtMs: number | null;
  readonly finishedAtMs: number;
}

const certainWithinMs = 4_000;
/** The longest pause between two polls on time is 15 % and jitter; the rest is for slow answers and late steps. */
const certainWithinShare = 0.2;
/** The first poll is due before p10; its step may come a little late. */
const lateMaxMs = 2_000;

/**
 * How long a generation took, as far as polls can tell: the provider does not say when it was finished, only that it was
 * between two polls.
 *
 * @returns the middle of that interval when it is narrow. Null when it is wide: what was discovered late (an outage, a worker
 * that stood still) would make the model look slow. One that the first poll found finished, before nearly all others were,
 * counts even so, as late as it was seen: without it nobody would notice that a model became faster than its first poll.
 */
export function sampleMsOf({ pendingAtMs, finishedAtMs }: Discovery, learnt: LearntTimes | null): number | null {
  const sinceMs = pendingAtMs ?? 0;
  const isNarrow = finishedAtMs - sinceMs <= Math.max(certainWithinMs, finishedAtMs * certainWithinShare);
  if (isNarrow) return Math.round((sinceMs + finishedAtMs) / 2);
  if (learnt === null || finishedAtMs > learnt.p10Ms + lateMaxMs) return null;
  return Math.round(Math.min(finishedAtMs, learnt.p10Ms));
}

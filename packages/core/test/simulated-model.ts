import { type LearntTimes, learntTimesOf, nextPollDelayMs, sampleMsOf } from '@video-proxy/core';

/** How a generation was followed. */
export interface Following {
  readonly polls: number;
  /** From its end to the poll that found it; the answer takes as long whatever the schedule. */
  readonly delayMs: number;
}

/** A model whose generations are followed one after another, by what was learnt from those before. */
export interface SimulatedModel {
  /** @param unseenUntilMs an outage: before that time no poll reaches the provider */
  generate(tookMs: number, unseenUntilMs?: number): Following;
  learnt(): LearntTimes | null;
}

const samplesKept = 50;
/** An answer takes a moment, and the next pause begins after it. */
const answerMs = 300;

export function simulatedModel(random: () => number): SimulatedModel {
  const samplesMs: number[] = [];
  return {
    learnt: () => learntTimesOf(samplesMs),
    generate(tookMs, unseenUntilMs = 0) {
      const learnt = learntTimesOf(samplesMs);
      let pendingAtMs: number | null = null;
      let elapsedMs = 0;
      for (let polls = 1; ; polls += 1) {
        elapsedMs += nextPollDelayMs(elapsedMs, learnt, random());
        const askedAtMs = elapsedMs;
        elapsedMs += answerMs;
        if (askedAtMs < unseenUntilMs) continue;
        if (askedAtMs >= tookMs) {
          const sampleMs = sampleMsOf({ pendingAtMs, finishedAtMs: askedAtMs }, learnt);
          if (sampleMs !== null) samplesMs.unshift(sampleMs);
          samplesMs.length = Math.min(samplesMs.length, samplesKept);
          return { polls, delayMs: askedAtMs - tookMs };
        }
        pendingAtMs = askedAtMs;
      }
    },
  };
}

/** The same by a poll every 15 s, as the provider's own samples do. */
export function followedEvery15Seconds(tookMs: number): Following {
  const polls = Math.ceil(tookMs / 15_000);
  return { polls, delayMs: polls * 15_000 - tookMs };
}

/** mulberry32: the same numbers in every run. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

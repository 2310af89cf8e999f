import {
  clientRequestIdOf,
  followedOf,
  generationKindOf,
  nextPollDelayMs,
  sampleMsOf,
  shortestPollPauseMs,
  type VideoJob,
} from '@video-proxy/core';
import type { GenerationTimes } from '@video-proxy/ledger';

/** When generations are polled, by how long others of their kind took, and what is learnt from it. */
export interface PollPace {
  /** How long to wait from now until the next poll. */
  pauseMs(job: VideoJob): Promise<number>;
  /** The same, after the provider said that it is at work. */
  pending(job: VideoJob, askedAtMs: number): Promise<number>;
  /** The provider said that it is finished. */
  finished(job: VideoJob, askedAtMs: number): Promise<void>;
}

export interface PollPaceParts {
  readonly times: GenerationTimes;
  /** How long a generation is waited for: a poll is due then, whatever was learnt. */
  readonly generationTimeoutMs: number;
  readonly now: () => number;
  readonly random: () => number;
}

/** Twice what one worker is measured with. Beyond it the generation polled longest ago is forgotten, and teaches nothing. */
const rememberedMax = 20_000;

/**
 * The last poll of each generation that found it unfinished is remembered in this process only: writing it down would double
 * the cost of a quiet poll. What another worker has polled in between is missing, so that the interval looks wider than it was:
 * the more workers, the fewer samples, but none is wrong.
 */
export function openPollPace({ times, generationTimeoutMs, now, random }: PollPaceParts): PollPace {
  const pendingAtMs = new Map<string, number>();

  function remember(job: VideoJob, askedAtMs: number): void {
    const attempt = clientRequestIdOf(job);
    // A Map keeps the order in which entries came: the first one is the oldest.
    pendingAtMs.delete(attempt);
    pendingAtMs.set(attempt, elapsedMsOf(job, askedAtMs));
    if (pendingAtMs.size <= rememberedMax) return;
    for (const oldest of pendingAtMs.keys()) {
      pendingAtMs.delete(oldest);
      return;
    }
  }

  async function pauseMs(job: VideoJob): Promise<number> {
    const learnt = await times.learnt(generationKindOf(job), now());
    const elapsedMs = elapsedMsOf(job, now());
    const delayMs = nextPollDelayMs(elapsedMs, learnt, random());
    const leftMs = generationTimeoutMs - elapsedMs;
    return leftMs > 0 ? Math.max(shortestPollPauseMs, Math.min(delayMs, leftMs)) : delayMs;
  }

  return {
    pauseMs,

    pending(job, askedAtMs) {
      remember(job, askedAtMs);
      return pauseMs(job);
    },

    async finished(job, askedAtMs) {
      const attempt = clientRequestIdOf(job);
      const discovery = {
        pendingAtMs: pendingAtMs.get(attempt) ?? null,
        finishedAtMs: elapsedMsOf(job, askedAtMs),
      };
      pendingAtMs.delete(attempt);
      const kind = generationKindOf(job);
      const tookMs = sampleMsOf(discovery, await times.learnt(kind, now()));
      if (tookMs !== null) await times.record(kind, tookMs);
    },
  };
}

function elapsedMsOf({ lifecycle }: VideoJob, nowMs: number): number {
  const now = followedOf(lifecycle);
  return 'submittedAtMs' in now && now.submittedAtMs !== null ? Math.max(0, nowMs - now.submittedAtMs) : 0;
}

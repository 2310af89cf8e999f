import type { ArtifactFetcher, FetchOutcome } from '@video-proxy/core';
import { Counter, Histogram, type Registry } from 'prom-client';

const fetchSeconds = [0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600];

/** The fetcher, with what became of each file counted. */
export function countedFetcher(registry: Registry, fetcher: ArtifactFetcher, now: () => number): ArtifactFetcher {
  const registers = [registry];
  const fetches = new Histogram({
    name: 'video_proxy_file_fetch_duration_seconds',
    help: 'Downloads of result files by outcome: stored, invalid, gone, unavailable, no_storage',
    labelNames: ['outcome'],
    buckets: fetchSeconds,
    registers,
  });
  const bytes = new Counter({
    name: 'video_proxy_stored_bytes_total',
    help: 'Bytes of verified videos that this process has put on the storage',
    registers,
  });
  const count = (outcome: FetchOutcome, durationMs: number) => {
    fetches.observe({ outcome: outcome.kind }, durationMs / 1_000);
    if (outcome.kind === 'stored') bytes.inc(outcome.video.sizeBytes);
  };
  return {
    ...fetcher,
    async fetch(source, signal) {
      const beganMs = now();
      const outcome = await fetcher.fetch(source, signal);
      count(outcome, now() - beganMs);
      return outcome;
    },
  };
}

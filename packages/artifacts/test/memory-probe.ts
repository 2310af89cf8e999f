import { createArtifactFetcher, openFileStorage } from '@video-proxy/artifacts';

/**
 * Started by the memory test as a process of its own, so that nothing else shares its memory: fetches a file, then a larger one, and
 * prints the outcome of the latter and by how many bytes it raised the peak of resident memory.
 */
const [directory = '', firstUrl = '', secondUrl = ''] = process.argv.slice(2);
const signal = new AbortController().signal;

await using fetcher = createArtifactFetcher({
  storage: openFileStorage({ directory: `${directory}/videos` }),
  temporaryDirectory: `${directory}/tmp`,
  limits: { sizeBytesMax: 2e9, timeoutMs: 120_000, idleTimeoutMs: 30_000 },
  searchPath: '',
  allowedOrigins: [new URL(firstUrl).origin, new URL(secondUrl).origin],
});

await fetcher.fetch({ jobId: 'video_first', attempt: 1, url: firstUrl }, signal);
const peakBefore = process.resourceUsage().maxRSS;
const outcome = await fetcher.fetch({ jobId: 'video_second', attempt: 1, url: secondUrl }, signal);
const peakAfter = process.resourceUsage().maxRSS;
process.stdout.write(JSON.stringify({ outcome, addedBytes: (peakAfter - peakBefore) * 1024 }));

import { clientKey } from './processes.ts';

interface JobAnswer {
  readonly id: string;
  readonly phase: string;
}

/** Asks the service and takes nothing but success for an answer. */
export async function call(
  url: string,
  { key = clientKey, ...init }: { method?: string; body?: string; key?: string } = {},
): Promise<JobAnswer> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const response = await fetch(url, { ...init, headers, signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as JobAnswer;
}

const promptLength = 1_024;

/** A create request with a prompt of 1 KB. */
export function newJobBody(sandboxWords = ''): string {
  const prompt = `${sandboxWords} A paper boat sails down a rain gutter at dawn. `.padEnd(
    promptLength,
    'The camera follows it. ',
  );
  return JSON.stringify({ model: 'google/veo-3.1-t2v-fast', prompt, parameters: { duration: 8, resolution: '720p' } });
}

const requestsAtOnce = 50;

/** Does a task for many items, some dozens at once. */
export async function inParallel<Item, Result>(
  items: readonly Item[],
  task: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const entries = items.entries();
  const lane = async () => {
    for (const [index, item] of entries) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: requestsAtOnce }, lane));
  return results;
}

import type { SpawnedProcess } from '@video-proxy/testkit/processes';

/** One line of an exposition. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What a process tells Prometheus. */
export async function scrape(url: string, key: string): Promise<string> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${key}` } });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}

export async function metricsAddressOf(worker: SpawnedProcess): Promise<string> {
  const line = await worker.waitForLine(/"port":(\d+).*metrics are served/);
  return `http://127.0.0.1:${line[1]}/metrics`;
}

export async function scrapeWorker(worker: SpawnedProcess, key: string): Promise<string> {
  return scrape(await metricsAddressOf(worker), key);
}

export function labelledWith(sample: Sample, labels: Readonly<Record<string, string>>): boolean {
  return Object.entries(labels).every(([name, value]) => sample.labels[name] === value);
}

export function samplesIn(exposition: string): Sample[] {
  return [...exposition.matchAll(/^([a-z_][\w:]*)(?:\{(.*)\})? (\S+)$/gim)].map(
    ([, name = '', labels = '', value]) => ({
      name,
      labels: Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, label, text]) => [label, text])),
      value: Number(value),
    }),
  );
}

/** What came, and when by the clock of this machine. */
export type Arrival = readonly [id: string, atMs: number];

/** What came to the provider, or to its place in a baseline, since it was last asked. */
export async function takeArrivals(url: string, kind: 'polls' | 'creates'): Promise<readonly Arrival[]> {
  const response = await fetch(`${url}/${kind}`, { signal: AbortSignal.timeout(10_000) });
  return (await response.json()) as Arrival[];
}

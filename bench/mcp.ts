import { requestsPerSecond, takeTurns } from './load.ts';
import { clientKey, type Surroundings, startApi } from './processes.ts';
import type { Measurement } from './results.ts';
import { call, newJobBody } from './service-client.ts';

const rounds = 5;
const secondsPerRound = 3;

/** The same job asked for through the tool and through the plain route, by both sides of one process. */
export async function measureMcp(surroundings: Surroundings): Promise<Measurement[]> {
  await surroundings.redis.flushall();
  await using api = await startApi(surroundings);
  const { id } = await call(`${api.url}/v1/jobs`, { method: 'POST', body: newJobBody() });
  const tool = { name: 'get_video_job', arguments: { id } };
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: tool });
  const url = `${api.url}/mcp`;
  await expectAnswerAbout(id, url, body);
  console.log(`tools/call get_video_job: ${rounds} rounds of ${secondsPerRound} s on each side …`);
  const comparison = await takeTurns(rounds, {
    ours: () => requestsPerSecond({ method: 'POST', url, body }, secondsPerRound),
    bare: () => requestsPerSecond({ method: 'GET', url: `${api.url}/v1/jobs/${id}` }, secondsPerRound),
  });
  return [{ what: 'MCP get_video_job / its route', unit: 'requests/s', comparison, target: { ratioMin: 0.5 } }];
}

/** A tool that fails answers 200 as well, so the load alone would not notice. */
async function expectAnswerAbout(id: string, url: string, body: string): Promise<void> {
  const headers = { authorization: `Bearer ${clientKey}`, 'content-type': 'application/json' };
  const response = await fetch(url, { method: 'POST', headers, body });
  const answer = (await response.json()) as { result?: { structuredContent?: { id?: unknown } } };
  if (answer.result?.structuredContent?.id !== id) throw new Error(`the tool answered ${JSON.stringify(answer)}`);
}

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { credentialProbe, credentialReload, operatorOverview } from '@video-proxy/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { type Api, providerKey, startInstallation } from './installation.ts';

const opsKey = 'key-of-the-operators';
const jobsCount = 8;

/** Where operators read messages, as a chat would be. */
async function openChat(): Promise<{ url: string; host: string; texts: string[] }> {
  const texts: string[] = [];
  const server = createServer(async (request, response) => {
    const { text } = JSON.parse(Buffer.concat(await request.toArray()).toString()) as { text: string };
    texts.push(text);
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}/hook`, host, texts };
}

async function ops(api: Api, method: 'GET' | 'POST', path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${opsKey}` };
  const response = await fetch(`${api.url}/ops/api/${path}`, { method, headers });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

const overviewOf = async (api: Api) => operatorOverview.parse(await ops(api, 'GET', 'overview'));

test('the incident: operators are told once, see the refused key first, mend it, and every held job goes', async () => {
  const chat = await openChat();
  const directory = await mkdtemp(join(tmpdir(), 'ops-incident-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const keyFile = join(directory, 'key');
  await writeFile(keyFile, 'f'.repeat(32));
  await using installation = await startInstallation({
    AI_ML_API_KEY: '',
    AI_ML_API_KEY_FILE: keyFile,
    OPS_KEY: opsKey,
    OPS_WEBHOOK_URL: chat.url,
    OUTBOUND_ALLOWED_HOSTS: chat.host,
    // Nothing but the operators' orders shall mend it while the test lasts.
    PROBE_INTERVAL_SECONDS: '600',
  });
  const [api, second] = await Promise.all([
    installation.startApi(),
    installation.startApi(),
    installation.startWorker(),
  ]);
  const ids = (await Promise.all(Array.from({ length: jobsCount }, (_, n) => api.create(`balloon ${n}`)))).map(
    ({ id }) => id,
  );

  await expect
    .poll(async () => (await overviewOf(second)).attention[0], { timeout: 15_000 })
    .toMatchObject({
      severity: 'critical',
      code: 'account_rejected',
      provider: { status_code: 401, request_id: expect.any(String) },
    });
  const { attention, credential } = await overviewOf(api);
  await expect.poll(() => chat.texts, { timeout: 15_000 }).toHaveLength(1);
  expect(chat.texts[0]).toContain(credential.last_provider_request_id);
  const refused = credentialProbe.parse(await ops(api, 'POST', 'credential/probe'));
  expect(refused).toMatchObject({ outcome: 'refused', credential: { state: 'rejected' } });
  expect(attention[0]?.link).toBe('/ops/credential');

  await writeFile(keyFile, providerKey);
  expect(credentialReload.parse(await ops(second, 'POST', 'credential/reload'))).toMatchObject({
    workers: [{ source: 'file', restart_needed: false, finding: null }],
    silent: [],
  });
  expect(credentialProbe.parse(await ops(api, 'POST', 'credential/probe'))).toMatchObject({
    outcome: 'ok',
    balance_usd: 100_000,
    credential: { state: 'ok' },
  });
  const ends = await Promise.all(ids.map((id) => api.ended(id)));
  const completed = ends.filter(({ status }) => status === 'completed');
  // Whoever met the refusal failed unbilled, and says so; nobody else did.
  for (const { status, error } of ends) {
    if (status === 'failed') expect(error).toMatchObject({ code: 'provider_auth_failed', billed: 'no' });
  }
  expect(completed.length).toBeGreaterThanOrEqual(jobsCount - 1);

  await expect.poll(() => chat.texts, { timeout: 25_000 }).toHaveLength(2);
  expect(chat.texts[1]).toContain('over');
  await expect
    .poll(async () => (await overviewOf(api)).attention)
    .not.toContainEqual(expect.objectContaining({ code: 'account_rejected' }));
  expect(chat.texts.join('')).not.toMatch(/balloon|ffffffff|key-of/);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AuditEntryWire,
  auditList,
  type BulkRunWire,
  bulkPreview,
  bulkRun,
  credentialProbe,
  credentialReload,
  type FailureGroup,
  failureGroups,
  operatorOverview,
} from '@video-proxy/contracts';
import { expect, onTestFinished, test } from 'vitest';
import { type Api, providerKey, startInstallation } from './installation.ts';

const opsKey = 'key-of-the-operators';
const newKey = 'b'.repeat(32);
const jobsCount = 8;

/** Where operators read messages, as a chat would be. */
async function openChat(): Promise<{ url: string; host: string; texts: string[] }> {
  const texts: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      texts.push((JSON.parse(Buffer.concat(chunks).toString()) as { text: string }).text);
      response.end('ok');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url: `http://${host}/hook`, host, texts };
}

async function ops(api: Api, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${opsKey}`, 'x-operator-name': 'Ada' };
  const sent =
    body === undefined
      ? { headers }
      : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(`${api.url}/ops/api/${path}`, { method, ...sent });
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return response.json();
}

const overviewOf = async (api: Api) => operatorOverview.parse(await ops(api, 'GET', 'overview'));

/** What is failed of the refused key now. */
async function refusedGroup(api: Api): Promise<FailureGroup | undefined> {
  const { groups } = failureGroups.parse(await ops(api, 'GET', 'failures'));
  return groups.find(({ code }) => code === 'provider_auth_failed');
}

/** Previews, runs what was previewed, and waits for its end. */
async function retryAll(api: Api, group: FailureGroup): Promise<BulkRunWire> {
  const order = { action: 'retry', filter: { group: group.id } };
  const preview = bulkPreview.parse(await ops(api, 'POST', 'jobs/bulk', { ...order, dry_run: true }));
  expect(preview).toMatchObject({ count: group.count, unsafe: 0 });
  const consent = { preview_id: preview.id, dry_run: false, reason: 'the key was replaced' };
  const { id } = bulkRun.parse(await ops(api, 'POST', 'jobs/bulk', { ...order, ...consent }));
  const read = async () => bulkRun.parse(await ops(api, 'GET', `bulk/${id}`));
  await expect.poll(async () => (await read()).state, { timeout: 15_000 }).toBe('finished');
  return read();
}

async function auditOf(api: Api): Promise<readonly AuditEntryWire[]> {
  return auditList.parse(await ops(api, 'GET', 'audit')).data.toReversed();
}

test('the incident: operators are told once, see the refused key first, mend it, every held job goes, what failed is retried, and the audit has it all', {
  timeout: 60_000,
}, async () => {
  const chat = await openChat();
  const directory = await mkdtemp(join(tmpdir(), 'ops-incident-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const keyFile = join(directory, 'key');
  await writeFile(keyFile, providerKey);
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
  // Accepted once, so that jobs are under way when the provider changes its mind.
  await api.ended((await api.create('the first balloon')).id);
  installation.sandbox.control.setState({ apiKey: newKey });
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

  await writeFile(keyFile, newKey);
  expect(credentialReload.parse(await ops(second, 'POST', 'credential/reload'))).toMatchObject({
    workers: [{ source: 'file', restart_needed: false, finding: null }],
    silent: [],
  });
  expect(credentialProbe.parse(await ops(api, 'POST', 'credential/probe'))).toMatchObject({
    outcome: 'ok',
    balance_usd: expect.any(Number),
    credential: { state: 'ok' },
  });
  const ends = await Promise.all(ids.map((id) => api.ended(id)));
  const failed = ends.filter(({ status }) => status === 'failed');
  // Whoever met the refusal failed unbilled, and says so; nobody else did.
  for (const { error } of failed) expect(error).toMatchObject({ code: 'provider_auth_failed', billed: 'no' });
  expect(failed.length).toBeGreaterThan(0);
  expect(failed.length).toBeLessThan(jobsCount);

  const group = await refusedGroup(second);
  if (group === undefined) throw new Error('no group of the refused key');
  expect(group).toMatchObject({ provider_status: 401, retry_safe: true, count: failed.length });
  expect(await retryAll(api, group)).toMatchObject({ done: failed.length, failed: 0, skipped: 0 });
  for (const { id } of failed) expect(await api.ended(id)).toMatchObject({ status: 'completed', attempt: 2 });
  expect(await refusedGroup(second)).toBeUndefined();

  const audit = await auditOf(second);
  expect(audit.map(({ action, outcome, operator }) => [action, outcome, operator.name])).toEqual([
    ['credential.probe', 'done', 'Ada'],
    ['credential.reload', 'done', 'Ada'],
    ['credential.probe', 'done', 'Ada'],
    ['bulk.retry', 'done', 'Ada'],
  ]);
  expect(audit.at(-1)).toMatchObject({ reason: 'the key was replaced' });

  await expect.poll(() => chat.texts, { timeout: 25_000 }).toHaveLength(2);
  expect(chat.texts[1]).toContain('over');
  await expect
    .poll(async () => (await overviewOf(api)).attention)
    .not.toContainEqual(expect.objectContaining({ code: 'account_rejected' }));
  const told = JSON.stringify([chat.texts, audit]);
  for (const secret of ['balloon', providerKey, newKey, opsKey]) expect(told).not.toContain(secret);
});

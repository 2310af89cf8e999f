import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '@video-proxy/sandbox';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { acceptedId, call, createWith, poll, videoUrlOf } from './client.ts';

let folder: string;
let journalPath: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-journal-'));
  journalPath = join(folder, 'deeper', 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

async function lines(): Promise<string[]> {
  return (await readFile(journalPath, 'utf8')).trimEnd().split('\n');
}

test('a generation goes on after a restart: its id, its clock, its words, its file and its log row', async () => {
  const ids: string[] = [];
  {
    await using before = await startSandbox({ journalPath, generationSeconds: 0 });
    ids.push(await acceptedId(before.url, 'completed-as=succeeded'));
    ids.push(await acceptedId(before.url, 'slow=3600'));
    await createWith(before.url, 'lost-answer', { headers: { 'x-client-request-id': 'video_1.1' } });
  }
  await using after = await startSandbox({ journalPath });
  const [finished, running] = await Promise.all(ids.map((id) => poll(after.url, id)));
  expect(finished?.json).toMatchObject({ id: ids[0], status: 'succeeded' });
  expect(running?.json).toEqual({ id: ids[1], status: 'queued' });
  expect((await fetch(videoUrlOf(finished?.json ?? {}))).status).toBe(200);
  const { json } = await call(`${after.url}/v2/logs`);
  expect(json).toMatchObject({ data: [{ client_request_id: 'video_1.1' }, {}, {}] });
});

test('an accepted generation is in the journal before its create request is answered', async () => {
  await using sandbox = await startSandbox({ journalPath });
  const id = await acceptedId(sandbox.url, 'slow=0');
  expect(await lines()).toEqual([expect.stringContaining(id)]);
});

test('what still runs after a restart holds its price again and is charged at its end', async () => {
  {
    await using before = await startSandbox({ journalPath });
    await createWith(before.url, 'never');
  }
  await using after = await startSandbox({ journalPath, startingBalanceUsd: 5 });
  expect(after.control.state()).toMatchObject({ balanceUsd: 5, heldUsd: 0.96 });
});

test('a line torn by a crash is dropped, and so is what is older than a week', async () => {
  let id: string;
  {
    await using before = await startSandbox({ journalPath });
    id = await acceptedId(before.url, 'slow=0');
  }
  const [line = ''] = await lines();
  const old = JSON.stringify({ ...JSON.parse(line), id: 'old', createdAtMs: Date.now() - 8 * 24 * 3600 * 1000 });
  await writeFile(journalPath, `${old}\n${line}\n`);
  await appendFile(journalPath, line.slice(0, 40));
  await using after = await startSandbox({ journalPath });
  expect(await lines()).toEqual([line]);
  expect((await poll(after.url, id)).status).toBe(200);
  expect((await poll(after.url, 'old')).status).toBe(404);
});

test('closing twice is no mistake with a journal either', async () => {
  const sandbox = await startSandbox({ journalPath });
  await Promise.all([sandbox.close(), sandbox.close()]);
});

test('without a journal a restart forgets', async () => {
  let id: string;
  {
    await using before = await startSandbox();
    id = await acceptedId(before.url, 'slow=0');
  }
  await using after = await startSandbox();
  expect((await poll(after.url, id)).status).toBe(404);
});

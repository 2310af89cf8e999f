import { expect, test } from 'vitest';
import { startCli, temporaryFolder } from './run-cli.ts';

test('the sandbox alone prints its address and a key that it accepts', async () => {
  await using folder = await temporaryFolder();
  await using sandbox = await startCli(['sandbox', '--seconds', '0', '--journal', 'kept/journal.jsonl'], {
    cwd: folder.path,
  });
  const [, url, key] = await sandbox.waitForLine(/AIMLAPI_BASE_URL=(\S+) AI_ML_API_KEY=(\S+)/);
  const response = await fetch(`${url}/v2/billing`, { headers: { authorization: `Bearer ${key}` } });
  expect(await response.json()).toMatchObject({ current_balance: expect.any(Number), currency: 'USD' });
  expect(await sandbox.close()).toEqual({ code: 0, signal: null });
});

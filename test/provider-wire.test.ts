import { expect, test } from 'vitest';
import { startInstallation } from './installation.ts';

test('a whole installation works with another one as its provider, by nothing but base URL and key', {
  timeout: 60_000,
}, async () => {
  await using provider = await startInstallation({ CLIENT_KEYS: 'next=key-of-the-next-one' });
  const [wire] = await Promise.all([provider.startApi(), provider.startWorker()]);
  await using installation = await startInstallation({
    AIMLAPI_BASE_URL: wire.url,
    AI_ML_API_KEY: 'key-of-the-next-one',
  });
  const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);

  const made = await api.ended((await api.create('a kite')).id);
  expect(made).toMatchObject({ status: 'completed', generation_id: expect.stringMatching(/^video_/) });
  const file = await fetch(made.video?.url ?? '');
  expect(Buffer.from(await file.arrayBuffer()).toString('latin1', 4, 8)).toBe('ftyp');

  const failed = await api.ended((await api.create('a kite [sandbox:fails=object]')).id);
  expect(failed).toMatchObject({ status: 'failed', error: { billed: 'no' } });
  expect(provider.sandbox.control.creates()).toMatchObject({ received: 2, accepted: 2 });
});

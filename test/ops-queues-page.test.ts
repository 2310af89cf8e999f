import { findBrowser, startBrowser } from '@video-proxy/testkit/browser';
import { expect, test } from 'vitest';
import { startInstallation } from './installation.ts';

const path = findBrowser(process.env);

test.skipIf(path === null)(
  'a browser that has the cookie sees the queues beneath, from here alone (needs Chromium)',
  async () => {
    await using installation = await startInstallation({ OPS_KEY: 'key-of-the-operators' });
    const api = await installation.startApi();
    const browser = await startBrowser(path ?? '');
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('request', (request) => {
        if (new URL(request.url()).origin !== api.url) complaints.push(request.url());
      });
      await page.goto(`${api.url}/healthz`);
      const headers = { authorization: 'Bearer key-of-the-operators' };
      const session = await page.request.post(`${api.url}/ops/api/session`, { headers });
      expect(session.ok()).toBe(true);
      await page.goto(`${api.url}/ops/queues`);
      for (const step of ['submit', 'poll', 'store']) await page.getByText(step, { exact: true }).first().waitFor();
      await page.getByText('Loading').waitFor({ state: 'detached' });
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);

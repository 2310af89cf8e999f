import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { findBrowser, startBrowser } from '@video-proxy/testkit/browser';
import { expect, onTestFinished, test } from 'vitest';
import { startInstallation } from './installation.ts';

const path = findBrowser(process.env);

/** The sources as they are: what they import is what a page would load. */
const imports = {
  '@video-proxy/client': '/packages/client/src/index.ts',
  '@video-proxy/contracts': '/packages/contracts/src/index.ts',
  '@video-proxy/core': '/packages/core/src/index.ts',
  'eventsource-parser': '/node_modules/eventsource-parser/dist/index.js',
  zod: '/node_modules/zod/index.js',
};

/** Serves the modules of this project to a browser, which knows no types. */
async function answer(url: string, response: ServerResponse): Promise<void> {
  const page = `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>`;
  if (url === '/') return void response.writeHead(200, { 'content-type': 'text/html' }).end(page);
  const text = await readFile(`.${url}`, 'utf8').catch(() => null);
  if (text === null) return void response.writeHead(404).end();
  const script = url.endsWith('.ts') ? stripTypeScriptTypes(text) : text;
  response.writeHead(200, { 'content-type': 'text/javascript' }).end(script);
}

async function serveModules(): Promise<string> {
  const server = createServer(({ url = '/' }, response) => void answer(url, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Runs in the page. */
const useClient = (baseUrl: string) => `(async () => {
  const { openClient } = await import('@video-proxy/client');
  const client = openClient({ baseUrl: '${baseUrl}', apiKey: 'key-of-ann', user: '小明' });
  const phases = [];
  const { id } = await client.createJob({ model: 'google/veo-3.1-t2v', prompt: 'a kite', parameters: { duration: 4 } });
  const job = await client.waitForJob(id, { onChange: ({ phase }) => void phases.push(phase) });
  let bytes = 0;
  for await (const piece of client.openVideo(job)) bytes += piece.byteLength;
  const stranger = openClient({ baseUrl: '${baseUrl}', apiKey: 'key-of-nobody' });
  const { name, requestId } = await stranger.listJobs().catch((error) => error);
  return { end: phases.at(-1), whole: bytes === job.video.bytes, models: (await client.listModels()).length, name, requestId };
})()`;

test.skipIf(path === null)(
  'a page of another origin makes, follows and reads a video (needs Chromium)',
  {
    timeout: 60_000,
  },
  async () => {
    await using installation = await startInstallation({ CLIENT_KEYS: 'ann=key-of-ann' });
    const [api, origin, browser] = await Promise.all([
      installation.startApi(),
      serveModules(),
      startBrowser(path ?? ''),
      installation.startWorker(),
    ]);
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    await page.goto(origin);
    expect(await page.evaluate(useClient(api.url))).toEqual({
      end: 'completed',
      whole: true,
      models: expect.any(Number),
      name: 'AuthenticationError',
      requestId: expect.stringMatching(/^req_/),
    });
  },
);

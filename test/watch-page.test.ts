import { findBrowser, startBrowser } from '@video-proxy/testkit/browser';
import { freePort } from '@video-proxy/testkit/processes';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Api, type Installation, startInstallation } from './installation.ts';
import { openPage, violationsOf } from './seen-page.ts';

const path = findBrowser(process.env);

/** Runs in the page. */
const playAndSeek = `(async () => {
  const video = document.querySelector('video');
  const next = (event) => new Promise((resolve) => video.addEventListener(event, resolve, { once: true }));
  video.muted = true;
  await video.play();
  await next('timeupdate');
  video.pause();
  const sought = next('seeked');
  video.currentTime = video.duration - 0.5;
  await sought;
  return {
    soughtNearTheEnd: video.currentTime >= video.duration - 1,
    width: video.videoWidth,
    failed: video.error?.message ?? null,
  };
})()`;

describe.skipIf(path === null)('the watch page in a browser (needs Chromium)', { timeout: 90_000 }, () => {
  let browser: Browser;
  let installation: Installation;
  let api: Api;

  beforeAll(async () => {
    browser = await startBrowser(path ?? '');
    installation = await startInstallation({ PROBE_INTERVAL_SECONDS: '3600' });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  });

  afterAll(async () => {
    await browser.close();
    await installation[Symbol.asyncDispose]();
  });

  const open = (url: string, options?: BrowserContextOptions) => openPage(browser, url, options);

  test('follows a job from the queue to the player, which plays and seeks', async () => {
    const job = await api.create('a red balloon over the sea [sandbox:slow=4]');
    const { page, complaints } = await open(job.links.watch);
    await page.waitForSelector('progress');
    const parts: number[] = [];
    page.on('response', (response) => {
      if (response.url().endsWith('video.mp4')) parts.push(response.status());
    });
    const loads: string[] = [];
    page.on('framenavigated', (frame) => loads.push(frame.url()));
    await page.waitForSelector('video', { timeout: 30_000 });
    expect(await page.title()).toBe('Your video is ready');
    expect(await page.locator('[role=status]').textContent()).toBe('Your video is ready');

    const played = await page.evaluate(playAndSeek);
    expect(played).toEqual({ soughtNearTheEnd: true, width: 640, failed: null });
    expect(new Set(parts)).toEqual(new Set([206]));
    expect(loads).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test('goes on when the API is restarted in the middle', async () => {
    const port = String(await freePort());
    const first = await installation.startApi({ PORT: port });
    const job = await first.create('a kite [sandbox:slow=8]');
    const { page } = await open(job.links.watch);
    await page.waitForSelector('progress');
    await first.process.close();
    await installation.startApi({ PORT: port });
    await page.waitForSelector('video', { timeout: 40_000 });
  });

  test('comes back when a proxy answers in the place of the API', async () => {
    const job = await api.create('a kite [sandbox:slow=4]');
    const { page } = await open(job.links.watch);
    await page.route('**/events', (route) => route.fulfill({ status: 502, body: 'Bad Gateway' }), { times: 1 });
    await page.reload();
    await page.waitForSelector('video', { timeout: 40_000 });
  });

  test('works without JavaScript', async () => {
    const running = await api.create('a kite [sandbox:slow=20]');
    const { page } = await open(running.links.watch, { javaScriptEnabled: false });
    expect(await page.locator('h1').textContent()).toMatch(/waiting|being made/);
    const job = await api.ended((await api.create('a kite')).id);
    await page.goto(job.links.watch);
    expect(await page.locator('video').getAttribute('src')).toMatch(/video\.mp4$/);
  });

  const looks = [
    { language: 'en-GB', colorScheme: 'light' as const, width: 1280 },
    { language: 'zh-CN', colorScheme: 'dark' as const, width: 320 },
  ];

  test.each(looks)('is accessible and fits in every state: $language, $colorScheme, $width px', async (look) => {
    const states = {
      ready: (await api.ended((await api.create('a kite')).id)).links.watch,
      failed: (await api.ended((await api.create('a kite [sandbox:moderation]')).id)).links.watch,
      running: (await api.create(`a kite ${'over the sea '.repeat(30)}[sandbox:slow=60]`)).links.watch,
      gone: `${api.url}/v/01k00000000000000000000000nothing`,
    };
    for (const [state, url] of Object.entries(states)) {
      const { page, complaints } = await open(url, {
        locale: look.language,
        colorScheme: look.colorScheme,
        viewport: { width: look.width, height: 720 },
      });
      expect(await page.locator('html').getAttribute('lang'), state).toBe(look.language.slice(0, 2));
      expect(await violationsOf(page), state).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth'), state).toBeLessThanOrEqual(look.width);
      // A browser reports the status of a page that is not there as an error.
      expect(
        complaints.filter((text) => !text.includes('404')),
        state,
      ).toEqual([]);
      await page.context().close();
    }
  });

  test('shows the provider to nobody', async () => {
    const { links } = await api.ended((await api.create('a kite')).id);
    const html = await (await fetch(links.watch)).text();
    expect(html).not.toContain(new URL(installation.sandbox.url).host);
    expect(html).toContain('<meta property="og:video" content="');
  });
});

import { findBrowser, startBrowser } from '@video-proxy/testkit/browser';
import { connectAsLibreChat } from '@video-proxy/testkit/librechat-mcp-client';
import { expect, test } from 'vitest';
import { startInstallation } from './installation.ts';

const path = findBrowser(process.env);

/** Puts the page into a frame as LibreChat does, and resolves with the first size that it tells. */
const framed = (html: string) => `new Promise((resolve) => {
  addEventListener('message', ({ data }) => {
    if (data?.type === 'ui-size-change' && data.payload.height > 0) resolve(data.payload);
  });
  const frame = document.createElement('iframe');
  frame.sandbox = 'allow-scripts';
  frame.width = '640';
  frame.srcdoc = ${JSON.stringify(html).replaceAll('</', '<\\/')};
  document.body.append(frame);
})`;

const play = `(async () => {
  const video = document.querySelector('video');
  video.muted = true;
  await video.play();
  await new Promise((resolve) => video.addEventListener('timeupdate', resolve, { once: true }));
  const poster = new Image();
  poster.src = video.poster;
  await poster.decode();
  return { played: video.currentTime > 0, failed: video.error?.message ?? null, hasPoster: poster.naturalWidth > 0 };
})()`;

test.skipIf(path === null)(
  'the player in a tool card shows its poster, tells its size and plays in a frame that forbids all but scripts (needs Chromium)',
  { timeout: 60_000 },
  async () => {
    await using installation = await startInstallation();
    const [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
    const { id } = await api.ended((await api.create('a "kite" </script><b>')).id);
    await using mcp = await connectAsLibreChat(api.url, {});
    const { result } = await mcp.call('get_video_job', { id });
    const [, player] = result.content as readonly { resource?: { text: string } }[];

    await using browser = await startBrowser(path ?? '');
    const page = await browser.newPage();
    const complaints: string[] = [];
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.setContent('<!doctype html><title>LibreChat</title>');
    // 16:9, as the video is.
    expect(await page.evaluate(framed(player?.resource?.text ?? ''))).toEqual({ width: 640, height: 360 });
    const [, frame] = page.frames();
    expect(await frame?.evaluate(play)).toEqual({ played: true, failed: null, hasPoster: true });
    expect(complaints).toEqual([]);
  },
);

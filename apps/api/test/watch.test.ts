import { describe, expect, test } from 'vitest';
import { accepted, fileContent, rejected, rejection, started, wayToCompletion } from './events.ts';
import { type RunningApi, startApi } from './running-api.ts';

async function watch(api: RunningApi, token: string) {
  const response = await api.call('GET', `/v/${token}`, { key: null });
  return { response, html: await response.text() };
}

async function tokenOf(api: RunningApi, id: string): Promise<string> {
  const job = await api.ledger.jobs.get(id);
  return id.slice('video_'.length) + (job?.watchSecret ?? '');
}

describe('the watch page', () => {
  test('follows by itself while the video is being made', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, accepted);
    const { response, html } = await watch(api, await tokenOf(api, id));
    expect(response.status).toBe(200);
    expect(html).toContain('http-equiv="refresh"');
    expect(html).toContain('being made');
    expect(html).toContain('<progress');
  });

  test('plays the video when it is there, and stays', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.saveFile(`${id}.mp4`, fileContent);
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const token = await tokenOf(api, id);
    const { html } = await watch(api, token);
    expect(html).toContain(
      `<video controls playsinline preload="metadata" width="1280" height="720" poster="${token}/poster.jpg" src="${token}/video.mp4">`,
    );
    expect(html).not.toContain('http-equiv="refresh"');
  });

  test('says why there is no video, and nothing about the provider', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, rejected);
    const { html } = await watch(api, await tokenOf(api, id));
    expect(html).toContain('nothing was billed');
    expect(html).not.toContain(rejection.requestId);
  });

  test('shows a prompt as text, whatever is in it', async () => {
    await using api = await startApi();
    const id = await api.create({ prompt: '<script>alert("1")</script> & \'more\'' });
    const { html } = await watch(api, await tokenOf(api, id));
    expect(html).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;');
    expect(html).not.toContain('<script>alert');
  });

  test('runs only its own script, loads nothing foreign, tells nobody its address', async () => {
    await using api = await startApi();
    const { response } = await watch(api, await tokenOf(api, await api.create()));
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toMatch(/script-src 'sha256-[^' ]+'; /);
    expect(policy).not.toMatch(/unsafe|https?:/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-robots-tag')).toContain('noindex');
  });

  test.each([
    ['another secret', (token: string) => `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`],
    ['no secret', (token: string) => token.slice(0, 26)],
    ['a longer secret', (token: string) => `${token}A`],
    ['nonsense', () => '%3Cscript%3E'],
  ])('is a page that says no for %s', async (_name, change) => {
    await using api = await startApi();
    const { response, html } = await watch(api, change(await tokenOf(api, await api.create())));
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toContain('text/html');
    expect(html).toContain('leads to no video');
    expect(html).not.toContain('<script');
  });

  test('says that a sandbox video is simulated', async () => {
    await using api = await startApi({ settings: { provider: 'sandbox' } });
    expect((await watch(api, await tokenOf(api, await api.create()))).html).toContain('simulated');
  });
});

import { type Sandbox, startSandbox } from '@video-proxy/sandbox';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileScenarios } from '../src/scenarios/file-scenarios.ts';
import { acceptedId, fileUrl, poll, videoUrlOf } from './client.ts';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ generationSeconds: 0 });
});
afterAll(() => sandbox.close());

async function download(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers, redirect: 'manual', signal: AbortSignal.timeout(10_000) });
  return { status: response.status, headers: response.headers, bytes: new Uint8Array(await response.arrayBuffer()) };
}

async function downloadWith(words: string, headers: Record<string, string> = {}) {
  return download(await fileUrl(sandbox.url, words), headers);
}

/** What a player would find: the tracks, or null for what is no media file. */
async function tracksOf(bytes: Uint8Array): Promise<{ video: boolean; audio: boolean } | null> {
  using input = new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) });
  if (!(await input.canRead())) return null;
  return { video: (await input.getPrimaryVideoTrack()) !== null, audio: (await input.getPrimaryAudioTrack()) !== null };
}

const playable = { video: true, audio: true };

/** Top-level boxes as their headers declare them; the last may reach beyond the file. */
function boxes(bytes: Uint8Array): { name: string; sizeBytes: number }[] {
  const found: { name: string; sizeBytes: number }[] = [];
  const file = Buffer.from(bytes);
  for (let at = 0; at + 8 <= file.length; at += file.readUInt32BE(at)) {
    found.push({ name: file.toString('latin1', at + 4, at + 8), sizeBytes: file.readUInt32BE(at) });
  }
  return found;
}

const boxNames = (bytes: Uint8Array): string[] => boxes(bytes).map(({ name }) => name);
const declaredBytes = (bytes: Uint8Array): number => boxes(bytes).reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);

/** One check for each word of the chapter; that none is missing is a test of its own. */
const checks: Record<string, () => Promise<void>> = {
  async 'link-as'() {
    const link = (shape: string) => fileUrl(sandbox.url, `link-as=${shape}`);
    expect(await link('absolute')).toMatch(`${sandbox.url}/files/`);
    expect(await link('internal')).toMatch(/^http:\/\/169\.254\.169\.254\//);
    expect(await link('loopback')).toBe('http://127.0.0.1:9/video.mp4');
    expect(await link('file')).toMatch(/^file:/);
    expect(await link('relative')).toMatch(/^\/files\//);
  },
  async 'link-seconds'() {
    expect((await downloadWith('link-seconds=600')).status).toBe(200);
    const url = new URL(await fileUrl(sandbox.url, 'link-seconds=600'));
    url.searchParams.set('Expires', '1000000000');
    expect((await download(url.href)).status).toBe(403);
    expect((await downloadWith('link-seconds=0')).status).toBe(403);
  },
  async 'file-expired'() {
    const id = await acceptedId(sandbox.url, 'file-expired=1');
    const first = videoUrlOf((await poll(sandbox.url, id)).json);
    // Polled again without a download between: still the same dead link.
    expect(videoUrlOf((await poll(sandbox.url, id)).json)).toBe(first);
    expect((await download(first)).status).toBe(403);
    const second = videoUrlOf((await poll(sandbox.url, id)).json);
    expect(second).not.toBe(first);
    expect([(await download(first)).status, (await download(second)).status]).toEqual([403, 200]);
  },
  async 'file-html'() {
    const { headers, bytes } = await downloadWith('file-html');
    expect(headers.get('content-type')).toMatch('text/html');
    expect(Buffer.from(bytes).toString()).toMatch('<!DOCTYPE html>');
  },
  async 'file-empty'() {
    const { status, headers, bytes } = await downloadWith('file-empty');
    expect([status, headers.get('content-length'), bytes.length]).toEqual([200, '0', 0]);
  },
  async 'file-truncated'() {
    const { headers, bytes } = await downloadWith('file-truncated');
    expect(headers.get('content-length')).toBe(String(bytes.length));
    expect(boxNames(bytes)).toEqual(['ftyp', 'moov', 'mdat']);
    expect(declaredBytes(bytes)).toBeGreaterThan(bytes.length);
  },
  async 'file-audio-only'() {
    expect(await tracksOf((await downloadWith('file-audio-only')).bytes)).toEqual({ video: false, audio: true });
  },
  async 'file-zeros'() {
    const { bytes } = await downloadWith('file-zeros');
    expect(bytes.length).toBeGreaterThan(1_000);
    expect(bytes.every((byte) => byte === 0)).toBe(true);
  },
  async 'file-garbage'() {
    const { bytes } = await downloadWith('file-garbage');
    expect(Buffer.from(bytes).toString('latin1', 4, 8)).toBe('ftyp');
    expect(Buffer.from(bytes).includes('moov')).toBe(false);
  },
  async 'file-no-index'() {
    expect(boxNames((await downloadWith('file-no-index')).bytes)).toEqual(['ftyp', 'mdat']);
  },
  async 'file-index-last'() {
    const { bytes } = await downloadWith('file-index-last');
    expect(boxNames(bytes)).toEqual(['ftyp', 'mdat', 'moov', 'free']);
    expect(await tracksOf(bytes)).toEqual(playable);
  },
  async 'file-unavailable'() {
    const url = await fileUrl(sandbox.url, 'file-unavailable=2');
    const statuses = [];
    for (let times = 0; times < 3; times += 1) statuses.push((await download(url)).status);
    expect(statuses).toEqual([503, 503, 200]);
  },
  async 'file-forbidden'() {
    const url = await fileUrl(sandbox.url, 'file-forbidden');
    expect([(await download(url)).status, (await download(url)).status]).toEqual([403, 200]);
  },
  async 'file-reset'() {
    const url = await fileUrl(sandbox.url, 'file-reset');
    await expect(download(url)).rejects.toBeInstanceOf(TypeError);
    expect((await download(url)).status).toBe(200);
  },
  async 'file-hang'() {
    const url = await fileUrl(sandbox.url, 'file-hang');
    await expect(fetch(url, { signal: AbortSignal.timeout(200) })).rejects.toMatchObject({ name: 'TimeoutError' });
  },
  async 'file-cut'() {
    const url = await fileUrl(sandbox.url, 'file-cut');
    const response = await fetch(url);
    const received: Uint8Array[] = [];
    const reading = (async () => {
      for await (const chunk of response.body ?? []) received.push(chunk);
    })();
    await expect(reading).rejects.toBeInstanceOf(TypeError);
    const firstHalf = Buffer.concat(received);
    const sizeBytes = Number(response.headers.get('content-length'));
    expect(firstHalf.length).toBeGreaterThan(0);
    expect(firstHalf.length).toBeLessThanOrEqual(Math.ceil(sizeBytes / 2));
    const rest = await download(url, { range: `bytes=${firstHalf.length}-` });
    expect(rest.status).toBe(206);
    expect(await tracksOf(Buffer.concat([firstHalf, rest.bytes]))).toEqual(playable);
  },
  async 'file-stall'() {
    const response = await fetch(await fileUrl(sandbox.url, 'file-stall'), { signal: AbortSignal.timeout(300) });
    await expect(response.arrayBuffer()).rejects.toMatchObject({ name: 'TimeoutError' });
  },
  async 'file-missing'() {
    expect((await downloadWith('file-missing')).status).toBe(404);
  },
  async 'file-gone'() {
    expect((await downloadWith('file-gone')).status).toBe(410);
  },
  async 'file-type'() {
    expect((await downloadWith('file-type=text/plain')).headers.get('content-type')).toBe('text/plain');
  },
  async size() {
    const { headers, bytes } = await downloadWith('size=2mb');
    expect([headers.get('content-length'), bytes.length]).toEqual(['2000000', 2_000_000]);
    expect(await tracksOf(bytes)).toEqual(playable);
    const large = await fetch(await fileUrl(sandbox.url, 'size=6gb'));
    expect(large.headers.get('content-length')).toBe('6000000000');
    await large.body?.cancel();
  },
  async 'file-slow'() {
    const url = await fileUrl(sandbox.url, 'file-html file-slow=300b');
    const startedAtMs = performance.now();
    const { bytes } = await download(url);
    expect(performance.now() - startedAtMs).toBeGreaterThan((bytes.length / 300) * 1000 - 150);
  },
  async 'file-redirect'() {
    const url = await fileUrl(sandbox.url, 'file-redirect');
    expect((await download(url)).status).toBe(302);
    expect((await fetch(url)).status).toBe(200);
  },
  async 'file-redirect-loop'() {
    await expect(fetch(await fileUrl(sandbox.url, 'file-redirect-loop'))).rejects.toBeInstanceOf(TypeError);
  },
  async 'file-redirect-internal'() {
    const { headers } = await downloadWith('file-redirect-internal');
    expect(headers.get('location')).toMatch(/^http:\/\/169\.254\.169\.254\//);
  },
  async 'file-endless'() {
    const response = await fetch(await fileUrl(sandbox.url, 'file-endless'));
    expect(response.headers.has('content-length')).toBe(false);
    let receivedBytes = 0;
    for await (const chunk of response.body ?? []) {
      receivedBytes += chunk.length;
      if (receivedBytes > 3_000_000) break;
    }
    expect(receivedBytes).toBeGreaterThan(3_000_000);
  },
  async 'file-no-length'() {
    const { headers, bytes } = await downloadWith('file-no-length');
    expect(headers.has('content-length')).toBe(false);
    expect(await tracksOf(bytes)).toEqual(playable);
  },
  async 'file-no-ranges'() {
    const { status, headers } = await downloadWith('file-no-ranges', { range: 'bytes=0-0' });
    expect([status, headers.has('accept-ranges')]).toEqual([200, false]);
  },
};

test.each(fileScenarios.map(({ word }) => word))('"%s" does what the table says', async (word) => {
  expect(checks).toHaveProperty(word);
  await checks[word]?.();
});

test('a link needs no key, and shows whether one was sent', async () => {
  const url = await fileUrl(sandbox.url, 'slow=0');
  expect((await download(url)).status).toBe(200);
  expect(sandbox.control.requests().at(-1)).toMatchObject({ kind: 'download', credential: 'none' });
  await download(url, { authorization: 'Bearer leaked' });
  expect(sandbox.control.requests().at(-1)).toMatchObject({ kind: 'download', credential: 'other' });
});

test('HEAD is refused with 403, as recorded of signed links', async () => {
  expect((await fetch(await fileUrl(sandbox.url, 'slow=0'), { method: 'HEAD' })).status).toBe(403);
});

test.each([
  ['bytes=0-0', 206, 0, 1],
  ['bytes=100-', 206, 100, undefined],
  ['bytes=-10', 206, -10, undefined],
  ['bytes=5-99999999', 206, 5, undefined],
  ['bytes=0-1,5-6', 200, 0, undefined],
  ['lines=1-2', 200, 0, undefined],
])('Range %s is answered %i', async (range, status, from, to) => {
  const url = await fileUrl(sandbox.url, 'size=200kb');
  const whole = await download(url);
  const part = await download(url, { range });
  expect(part.status).toBe(status);
  expect(Buffer.from(part.bytes)).toEqual(Buffer.from(whole.bytes.slice(from, to)));
});

test('a Range beyond the end is answered 416 with the size', async () => {
  const { status, headers } = await downloadWith('size=200kb', { range: 'bytes=200000-' });
  expect([status, headers.get('content-range')]).toEqual([416, 'bytes */200000']);
});

test('If-Range with another tag gets the whole file', async () => {
  const url = await fileUrl(sandbox.url, 'slow=0');
  const etag = (await download(url)).headers.get('etag') ?? '';
  expect((await download(url, { range: 'bytes=0-0', 'if-range': etag })).status).toBe(206);
  expect((await download(url, { range: 'bytes=0-0', 'if-range': '"other"' })).status).toBe(200);
});

test('two generations never have the same file, and one generation always has', async () => {
  const url = await fileUrl(sandbox.url, 'slow=0');
  const first = Buffer.from((await download(url)).bytes);
  expect(first.equals((await download(url)).bytes)).toBe(true);
  expect(first.equals((await downloadWith('slow=0')).bytes)).toBe(false);
});

test('a scripted download is in trouble once, whatever the generation says', async () => {
  const url = await fileUrl(sandbox.url, 'slow=0');
  sandbox.control.script('download', 'file-unavailable');
  sandbox.control.script('download', 'server-error');
  sandbox.control.script('download', 'file-html');
  const statuses = [(await download(url)).status, (await download(url)).status];
  expect(statuses).toEqual([503, 500]);
  expect((await download(url)).headers.get('content-type')).toMatch('text/html');
  expect((await download(url)).headers.get('content-type')).toBe('video/mp4');
});

test('a file nobody made is not found', async () => {
  expect((await download(`${sandbox.url}/files/generations/1-x.mp4`)).status).toBe(404);
});

import { openaiError, videoJobWire } from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';
import { accepted, fileContent, generated, started, storedVideo, wayToCompletion } from './events.ts';
import { clientKey, type RunningApi, startApi } from './running-api.ts';

async function startWithVideo() {
  const api = await startApi();
  const id = await api.create();
  const key = `${id}.mp4`;
  await api.saveFile(key, fileContent);
  const { watchSecret } = await api.happen(id, ...wayToCompletion(key));
  const watchPath = `/v/${id.slice('video_'.length)}${watchSecret}`;
  return { api, id, watchPath, videoPath: `/v1/jobs/${id}/video` };
}

const size = fileContent.length;
const etag = `"${storedVideo('k').sha256}"`;

describe('a video file', () => {
  test('comes whole, with all a player and a cache need', async () => {
    const { api, videoPath } = await startWithVideo();
    await using _ = api;
    const response = await api.call('GET', videoPath);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': String(size),
      'accept-ranges': 'bytes',
      'content-disposition': 'inline; filename="a red balloon over the sea.mp4"',
      'cache-control': 'private, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
      etag,
    });
    expect(await response.text()).toBe(fileContent);
  });

  test('is played from `video.url` without any key, as a player has none', async () => {
    const { api, id } = await startWithVideo();
    await using _ = api;
    const job = videoJobWire.parse(await (await api.call('GET', `/v1/jobs/${id}`)).json());
    const path = new URL(job.video?.url ?? '').pathname;
    const response = await api.call('GET', path, { key: null, headers: { range: 'bytes=0-3' } });
    expect(response.status).toBe(206);
    expect(await response.text()).toBe(fileContent.slice(0, 4));
  });

  test('is saved under the first words of its prompt when it is asked for as a download', async () => {
    await using api = await startApi();
    const id = await api.create({ prompt: '红色气球：飘过海面 / at "dawn"' });
    await api.saveFile(`${id}.mp4`, fileContent);
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    const response = await api.call('GET', `/v1/jobs/${id}/video?download`);
    const name = encodeURIComponent('红色气球：飘过海面 at dawn.mp4');
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(response.headers.get('content-disposition')).toContain(`filename*=UTF-8''${name}`);
  });

  test('can be read by a player in a page of any other origin', async () => {
    const { api, watchPath } = await startWithVideo();
    await using _ = api;
    const headers = { origin: 'https://chat.example', range: 'bytes=0-1' };
    const response = await api.call('GET', `${watchPath}/video.mp4`, { key: null, headers });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-expose-headers')).toContain('content-range');
    const preflight = {
      origin: headers.origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'range',
    };
    const allowed = await api.call('OPTIONS', `${watchPath}/video.mp4`, { key: null, headers: preflight });
    expect([allowed.status, allowed.headers.get('access-control-allow-headers')]).toEqual([204, 'range']);
  });

  test('of a cancelled job may be replaced by that of another attempt, so it is asked for anew', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.saveFile(`${id}.mp4`, fileContent);
    const stored = { type: 'artifact_stored', video: storedVideo(`${id}.mp4`) } as const;
    await api.happen(id, started, accepted, { type: 'cancel_requested' }, generated, stored);
    const response = await api.call('GET', `/v1/jobs/${id}/video`);
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
  });

  test('answers HEAD with the same headers and no body', async () => {
    const { api, videoPath } = await startWithVideo();
    await using _ = api;
    const response = await api.call('HEAD', videoPath);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-length')).toBe(String(size));
    expect(response.headers.get('etag')).toBe(etag);
    expect(await response.text()).toBe('');
  });

  test.each([
    ['bytes=0-3', 0, 3],
    ['bytes=5-', 5, size - 1],
    ['bytes=-4', size - 4, size - 1],
    ['bytes=0-999999', 0, size - 1],
    ['bytes=-999999', 0, size - 1],
    ['Bytes = 2-2', 2, 2],
  ])('comes in part for %s', async (range, start, end) => {
    const { api, videoPath } = await startWithVideo();
    await using _ = api;
    const response = await api.call('GET', videoPath, { headers: { range } });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${end}/${size}`);
    expect(response.headers.get('content-length')).toBe(String(end - start + 1));
    expect(await response.text()).toBe(fileContent.slice(start, end + 1));
  });

  test.each([`bytes=${size}-`, 'bytes=1000-2000', 'bytes=-0'])('cannot give %s', async (range) => {
    const { api, videoPath } = await startWithVideo();
    await using _ = api;
    const response = await api.call('GET', videoPath, { headers: { range } });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe(`bytes */${size}`);
    expect(openaiError.parse(await response.json()).error.code).toBe('range_not_satisfiable');
  });

  test.each(['bytes=0-1,3-4', 'bytes=4-2', 'lines=1-2', 'bytes=', 'bytes=-', 'x'])(
    'comes whole for %s, which may be ignored',
    async (range) => {
      const { api, videoPath } = await startWithVideo();
      await using _ = api;
      const response = await api.call('GET', videoPath, { headers: { range } });
      expect(response.status).toBe(200);
      expect(await response.text()).toBe(fileContent);
    },
  );

  test('is not sent again to who has it', async () => {
    const { api, videoPath } = await startWithVideo();
    await using _ = api;
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const response = await api.call('GET', videoPath, { headers: { 'if-none-match': known } });
      expect(response.status).toBe(304);
      expect(response.headers.get('etag')).toBe(etag);
    }
    expect((await api.call('GET', videoPath, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
  });

  test('never mixes a part with another version of itself', async () => {
    const { api, videoPath } = await startWithVideo();
    await using _ = api;
    const part = { range: 'bytes=0-3' };
    expect((await api.call('GET', videoPath, { headers: { ...part, 'if-range': etag } })).status).toBe(206);
    expect((await api.call('GET', videoPath, { headers: { ...part, 'if-range': '"other"' } })).status).toBe(200);
  });

  test('that is not there yet is 404 and names the status', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, started, accepted);
    const response = await api.call('GET', `/v1/jobs/${id}/video`);
    expect(response.status).toBe(404);
    expect(openaiError.parse(await response.json()).error).toMatchObject({
      code: 'video_not_ready',
      message: expect.stringContaining('in_progress (generating)'),
    });
  });

  test('that has gone from the storage is 404, with nothing left of its headers', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.happen(id, ...wayToCompletion(`${id}.mp4`));
    for (const method of ['GET', 'HEAD']) {
      const response = await api.call(method, `/v1/jobs/${id}/video`);
      expect(response.status).toBe(404);
      expect(response.headers.get('etag')).toBeNull();
      expect(response.headers.get('cache-control')).toBe('no-store');
    }
  });

  test('of a cancelled job that could not be stopped can still be had: it was paid for', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.saveFile(`${id}.mp4`, fileContent);
    const stored = { type: 'artifact_stored', video: storedVideo(`${id}.mp4`) } as const;
    await api.happen(id, started, accepted, { type: 'cancel_requested' }, generated, stored);
    expect((await api.call('GET', `/v1/jobs/${id}/video`)).status).toBe(200);
  });

  test('is also behind the watch link, without a key', async () => {
    const { api, watchPath } = await startWithVideo();
    await using _ = api;
    const response = await api.call('GET', `${watchPath}/video.mp4`, { key: null, headers: { range: 'bytes=0-2' } });
    expect(response.status).toBe(206);
    expect(await response.text()).toBe(fileContent.slice(0, 3));
    expect((await api.call('HEAD', `${watchPath}/video.mp4`, { key: null })).headers.get('content-length')).toBe(
      String(size),
    );
  });
});

describe('a poster', () => {
  const pictureOf = async (api: RunningApi, path: string, key: string | null) => {
    const response = await api.call('GET', path, { key });
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    return Buffer.from(await response.arrayBuffer());
  };

  test('is the still that was taken of the video, behind the key and behind the watch link', async () => {
    await using api = await startApi();
    const id = await api.create();
    await api.saveFile(`${id}.jpg`, 'the still');
    const video = { ...storedVideo(`${id}.mp4`), posterKey: `${id}.jpg` };
    const { watchSecret } = await api.happen(id, started, accepted, generated, { type: 'artifact_stored', video });
    const watchPath = `/v/${id.slice('video_'.length)}${watchSecret}/poster.jpg`;
    expect((await pictureOf(api, `/v1/jobs/${id}/poster`, clientKey)).toString()).toBe('the still');
    expect((await pictureOf(api, watchPath, null)).toString()).toBe('the still');
    const head = await api.call('HEAD', watchPath, { key: null });
    expect(head.headers.get('content-length')).toBe('9');
    expect((await api.call('DELETE', `/v1/jobs/${id}`)).status).toBeLessThan(300);
    expect(await api.hasFile(`${id}.jpg`)).toBe(false);
  });

  test('is a drawn card of the shape of the video when no still could be taken, or it is lost', async () => {
    await using api = await startApi();
    const pictures = await Promise.all(
      [
        [1280, 720],
        [720, 1280],
        [700, 700],
      ].map(async ([width = 0, height = 0]) => {
        const id = await api.create();
        const video = { ...storedVideo(`${id}.mp4`), width, height, posterKey: `${id}.jpg` };
        await api.happen(id, started, accepted, generated, { type: 'artifact_stored', video });
        return pictureOf(api, `/v1/jobs/${id}/poster`, clientKey);
      }),
    );
    expect(new Set(pictures.map(({ length }) => length)).size).toBe(3);
    for (const picture of pictures) expect(picture.subarray(0, 3).toString('hex')).toBe('ffd8ff');
  });

  test('of a job without a video is not there, which is said', async () => {
    await using api = await startApi();
    const id = await api.create();
    const response = await api.call('GET', `/v1/jobs/${id}/poster`);
    expect(response.status).toBe(404);
    expect(openaiError.parse(await response.json()).error).toMatchObject({ code: 'video_not_ready' });
  });
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { describe, expect, test } from 'vitest';
import { type ClipRequest, makeClip } from '../src/videos/clip.ts';
import { nearestShape } from '../src/videos/shape.ts';

const landscape: ClipRequest = { shape: '16x9', durationSeconds: 5, picture: true, sound: true, indexFirst: true };

async function inspect(clip: Uint8Array) {
  using input = new Input({ formats: ALL_FORMATS, source: new BufferSource(clip) });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  let packets = 0;
  let keyPackets = 0;
  if (video) {
    for await (const packet of new EncodedPacketSink(video).packets()) {
      packets += 1;
      if (packet.type === 'key') keyPackets += 1;
    }
  }
  return {
    mimeType: await input.getMimeType(),
    durationSeconds: await input.computeDuration(),
    width: video ? await video.getDisplayWidth() : null,
    height: video ? await video.getDisplayHeight() : null,
    packets,
    keyPackets,
    sound: audio !== null,
  };
}

test.each([1, 4, 5, 8, 12, 30])('a clip of %i s is H.264 at 24 frames a second that can be sought', async (seconds) => {
  const found = await inspect(await makeClip({ ...landscape, durationSeconds: seconds, sound: false }));
  expect(found).toMatchObject({
    mimeType: expect.stringMatching(/^video\/mp4; codecs="avc1\./),
    width: 640,
    height: 360,
    packets: seconds * 24,
    keyPackets: seconds,
    sound: false,
  });
  expect(found.durationSeconds).toBeCloseTo(seconds, 3);
});

test('sound is as long as the picture', async () => {
  const { sound, durationSeconds } = await inspect(await makeClip(landscape));
  expect(sound).toBe(true);
  expect(durationSeconds).toBeCloseTo(5, 1);
});

test('a clip may end within a second', async () => {
  const { packets } = await inspect(await makeClip({ ...landscape, durationSeconds: 2.5 }));
  expect(packets).toBe(60);
});

test.each([
  ['16:9', 640, 360],
  ['9:16', 360, 640],
  ['1:1', 480, 480],
  ['4:3', 560, 420],
  ['3:4', 420, 560],
  ['21:9', 672, 288],
  ['720:1280', 360, 640],
  ['1792x1024', 640, 360],
  ['3:2', 560, 420],
  ['auto', 640, 360],
  ['0:0', 640, 360],
])('%s is made as %i by %i', async (aspect, width, height) => {
  const clip = await makeClip({ ...landscape, shape: nearestShape(aspect), durationSeconds: 1 });
  expect(await inspect(clip)).toMatchObject({ width, height });
});

function run(tool: 'ffprobe' | 'ffmpeg', args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(tool, args, { encoding: 'utf8', timeout: 10_000 });
  return { status, stdout, stderr };
}

const hasFfmpeg = run('ffprobe', ['-version']).status === 0 && run('ffmpeg', ['-version']).status === 0;

describe.runIf(hasFfmpeg)('with ffmpeg on this machine', () => {
  test('it decodes every frame without a complaint', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sandbox-clip-'));
    try {
      const path = join(folder, 'clip.mp4');
      writeFileSync(path, await makeClip(landscape));
      const entries = 'stream=codec_name,pix_fmt,nb_read_frames:format=duration';
      const probed = run('ffprobe', ['-v', 'error', '-count_frames', '-show_entries', entries, '-of', 'json', path]);
      expect(JSON.parse(probed.stdout)).toMatchObject({
        streams: [{ codec_name: 'h264', pix_fmt: 'yuv420p', nb_read_frames: '120' }, { codec_name: 'aac' }],
        format: { duration: expect.stringMatching(/^5\.0/) },
      });
      expect(run('ffmpeg', ['-v', 'error', '-i', path, '-f', 'null', '-'])).toMatchObject({ status: 0, stderr: '' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

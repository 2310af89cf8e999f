import { readFile } from 'node:fs/promises';
import {
  ALL_FORMATS,
  BufferSource,
  BufferTarget,
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  Input,
  type InputTrack,
  Mp4OutputFormat,
  Output,
} from 'mediabunny';
import type { Shape } from './shape.ts';

/** What decides the bytes of a clip; equal requests give equal clips. */
export interface ClipRequest {
  readonly shape: Shape;
  readonly durationSeconds: number;
  readonly picture: boolean;
  readonly sound: boolean;
  /** The index before the media, so that playing can start before the end has arrived; real results have it there. */
  readonly indexFirst: boolean;
}

/** One second of encoded media that repeats: packets in decoding order and what a decoder needs to know first. */
interface Loop<Config> {
  readonly packets: readonly EncodedPacket[];
  readonly config: Config;
  readonly loopSeconds: number;
}

const seedFolder = new URL('../../seeds/', import.meta.url);

/** Makes an MP4 (H.264, AAC) of any duration by repeating the packets of a one-second seed; nothing is encoded. */
export async function makeClip(request: ClipRequest): Promise<Uint8Array> {
  const target = new BufferTarget();
  const format = new Mp4OutputFormat({ fastStart: request.indexFirst ? 'in-memory' : false });
  const output = new Output({ format, target });
  output.setMetadataTags({ title: 'SANDBOX: not a real video' });

  const pictureLoop = request.picture ? await readPicture(request.shape) : null;
  const soundLoop = request.sound ? await readSilence() : null;
  const picture = pictureLoop && new EncodedVideoPacketSource('avc');
  const sound = soundLoop && new EncodedAudioPacketSource('aac');
  if (picture) output.addVideoTrack(picture, { frameRate: 24 });
  if (sound) output.addAudioTrack(sound);

  await output.start();
  // Both at once: the muxer interleaves, and holds one track back until the other has caught up.
  await Promise.all([
    picture && pictureLoop && repeat(pictureLoop, request.durationSeconds, (packet, meta) => picture.add(packet, meta)),
    sound && soundLoop && repeat(soundLoop, request.durationSeconds, (packet, meta) => sound.add(packet, meta)),
  ]);
  picture?.close();
  sound?.close();
  await output.finalize();
  if (target.buffer === null) throw new Error('the muxer left no file behind');
  return new Uint8Array(target.buffer);
}

async function repeat<Config>(
  loop: Loop<Config>,
  durationSeconds: number,
  add: (packet: EncodedPacket, meta: { decoderConfig: Config }) => Promise<void>,
): Promise<void> {
  const meta = { decoderConfig: loop.config };
  // Half a millisecond of slack: sums of packet durations are not exact.
  for (let startSeconds = 0; startSeconds < durationSeconds - 0.0005; startSeconds += loop.loopSeconds) {
    for (const packet of loop.packets) {
      const timestamp = startSeconds + packet.timestamp;
      if (timestamp >= durationSeconds - 0.0005) return;
      await add(packet.clone({ timestamp }), meta);
    }
  }
}

async function readPicture(shape: Shape): Promise<Loop<VideoDecoderConfig>> {
  using input = await openSeed(`${shape}.mp4`);
  const track = await input.getPrimaryVideoTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error(`seed ${shape}.mp4 has no readable video track`);
  return { packets: await packetsOf(track), config, loopSeconds: 1 };
}

async function readSilence(): Promise<Loop<AudioDecoderConfig>> {
  using input = await openSeed('silence.m4a');
  const track = await input.getPrimaryAudioTrack();
  const config = await track?.getDecoderConfig();
  if (!track || !config) throw new Error('seed silence.m4a has no readable audio track');
  const [, ...steady] = await packetsOf(track);
  const first = steady[0];
  if (!first) throw new Error('seed silence.m4a is empty');
  // The first packet only warms the encoder up; the rest is moved so that the loop starts at zero.
  const packets = steady.map((packet) => packet.clone({ timestamp: packet.timestamp - first.timestamp }));
  return { packets, config, loopSeconds: packets.length * first.duration };
}

async function openSeed(name: string): Promise<Input> {
  return new Input({ formats: ALL_FORMATS, source: new BufferSource(await readFile(new URL(name, seedFolder))) });
}

async function packetsOf(track: InputTrack): Promise<EncodedPacket[]> {
  const packets: EncodedPacket[] = [];
  for await (const packet of new EncodedPacketSink(track).packets()) packets.push(packet);
  return packets;
}

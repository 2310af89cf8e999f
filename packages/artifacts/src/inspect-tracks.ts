import type { FileHandle } from 'node:fs/promises';
import {
  CustomSource,
  EncodedPacketSink,
  Input,
  type InputTrack,
  Logging,
  LogLevel,
  MP4,
  QTFF,
  WEBM,
} from 'mediabunny';
import { cutOffVideo, invalidVideo, type ValidVideo, type VideoVerdict } from './video-verdict.ts';

const cacheSizeBytesMax = 4 * 1024 * 1024;
/** No single picture is as large as this; a table that says so would have a parser load it at once. */
const packetSizeBytesMax = 64 * 1024 * 1024;

/** Looks into a container that is complete from the outside: has it a video track, and does it hold what its tables announce? */
export async function inspectTracks(file: FileHandle, fileSizeBytes: number): Promise<VideoVerdict> {
  Logging.level = LogLevel.Silent;
  const failures: unknown[] = [];
  const source = new CustomSource({
    getSize: () => fileSizeBytes,
    read: (start, end) =>
      readFully(file, start, end).catch((error: unknown) => {
        failures.push(error);
        throw error;
      }),
    maxCacheSize: cacheSizeBytesMax,
    prefetchProfile: 'fileSystem',
  });
  using input = new Input({ source, formats: [MP4, QTFF, WEBM] });
  try {
    return await verdictOn(input);
  } catch {
    // A disk that fails says nothing about the video. Everything else is what the parser throws at data it cannot make sense of.
    if (failures.length > 0) throw failures[0];
    return invalidVideo('a damaged video file', 'file_damaged');
  }
}

async function verdictOn(input: Input): Promise<VideoVerdict> {
  const contentType = contentTypes.get(await input.getFormat());
  const track = await input.getPrimaryVideoTrack();
  if (contentType === undefined) return invalidVideo('a video in an unusual container', 'file_unusual');
  if (track === null) {
    const sound = await input.getPrimaryAudioTrack();
    return sound === null
      ? invalidVideo('a video file without a video track', 'file_without_track')
      : invalidVideo('an audio file instead of a video', 'file_only_sound');
  }
  const width = await track.getDisplayWidth();
  const height = await track.getDisplayHeight();
  // Players begin with the first picture, and what lies before zero (the priming of an audio codec) is not played.
  const durationSeconds = (await input.computeDuration()) - Math.max(0, await input.getFirstTimestamp());
  if (!(width > 0 && height > 0)) return invalidVideo('a video without a picture size', 'file_without_size');
  if (!(durationSeconds > 0 && Number.isFinite(durationSeconds)))
    return invalidVideo('a video without a single picture', 'file_without_a_picture');
  for (const each of await input.getTracks()) {
    if (!(await holdsItsEnds(each)))
      return cutOffVideo('a video file that lacks a part of what its index announces', 'file_lacks_a_part');
  }
  return { kind: 'valid', contentType, durationSeconds: Math.round(durationSeconds * 1000) / 1000, width, height };
}

const contentTypes = new Map<unknown, ValidVideo['contentType']>([
  [MP4, 'video/mp4'],
  [QTFF, 'video/quicktime'],
  [WEBM, 'video/webm'],
]);

/**
 * Whether the data of the first packet, and of all since the last key packet, lie within the file. It is the last ones in the
 * order of the file that a cut takes, and these need not be the last ones to be shown.
 */
async function holdsItsEnds(track: InputTrack): Promise<boolean> {
  const packets = new EncodedPacketSink(track);
  const index = { metadataOnly: true } as const;

  const first = await packets.getFirstPacket(index);
  if (first !== null && (first.byteLength > packetSizeBytesMax || (await packets.getFirstPacket()) === null))
    return false;

  let announced = await packets.getKeyPacket(Infinity, index);
  let packet = null;
  while (announced !== null) {
    if (announced.byteLength > packetSizeBytesMax) return false;
    packet = await (packet === null ? packets.getKeyPacket(Infinity) : packets.getNextPacket(packet));
    if (packet === null) return false;
    announced = await packets.getNextPacket(packet, index);
  }
  return true;
}

async function readFully(file: FileHandle, start: number, end: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(end - start);
  await file.read(bytes, 0, bytes.length, start);
  return bytes;
}

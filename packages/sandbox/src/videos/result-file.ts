import type { Generation } from '../generations/generation.ts';
import type { Behaviour } from '../scenarios/behaviour.ts';
import { paddingBox, textBox, topLevelBoxes } from './boxes.ts';
import { type ClipRequest, makeClip } from './clip.ts';
import { bytesContent, type Content, headOf, joined, noise, zeros } from './content.ts';

/** A minute of video is less than half a megabyte, so this bounds the cache at some 30 MB. */
const clipsKept = 64;

/** Makes result files; clips are kept, since many generations ask for the same one. */
export interface ResultFiles {
  contentOf(generation: Generation, behaviour: Behaviour): Promise<Content>;
}

export function createResultFiles(): ResultFiles {
  const clips = new Map<string, Promise<Uint8Array>>();

  function clip(request: ClipRequest): Promise<Uint8Array> {
    const key = JSON.stringify(request);
    const made = clips.get(key) ?? makeClip(request);
    // Put back at the end, so that the first is always the one unused for longest.
    clips.delete(key);
    clips.set(key, made);
    const [oldest] = clips.keys();
    if (clips.size > clipsKept && oldest !== undefined) clips.delete(oldest);
    return made;
  }

  return {
    async contentOf(generation, behaviour) {
      const { shape, durationSeconds, sound } = generation;
      const usual: ClipRequest = { shape, durationSeconds, sound, picture: true, indexFirst: true };
      const sizeBytes = behaviour.fileSizeBytes;
      switch (behaviour.fileBody) {
        case 'video':
          return fileOf(await clip(usual), generation.id, sizeBytes);
        case 'truncated': {
          // Always within the media: half of a padded file would still play.
          const whole = await clip(usual);
          return headOf(bytesContent(whole), Math.floor(whole.length / 2));
        }
        case 'audio-only':
          return fileOf(await clip({ ...usual, picture: false, sound: true }), generation.id, sizeBytes);
        case 'index-last':
          return fileOf(await clip({ ...usual, indexFirst: false }), generation.id, sizeBytes);
        case 'no-index':
          return withoutIndex(await clip(usual));
        case 'garbage':
          return joined(onlyType(await clip(usual)), noise(sizeBytes ?? 40_000));
        case 'zeros':
          return zeros(sizeBytes ?? 40_000);
        case 'html':
          return bytesContent(
            Buffer.from('<!DOCTYPE html><html><body><h1>This file is not available</h1></body></html>\n'),
          );
        case 'empty':
          return bytesContent(new Uint8Array());
      }
    },
  };
}

/** Every generation's file differs from every other, so that a mixed-up result shows in its checksum. */
function fileOf(clip: Uint8Array, generationId: string, sizeBytes: number | null): Content {
  const file = joined(bytesContent(clip), textBox(`sandbox generation ${generationId}`));
  const missingBytes = (sizeBytes ?? 0) - file.sizeBytes;
  return missingBytes > 0 ? joined(file, paddingBox(missingBytes)) : file;
}

function withoutIndex(clip: Uint8Array): Content {
  const boxes = topLevelBoxes(clip).filter(({ type }) => type !== 'moov');
  return joined(...boxes.map(({ bytes }) => bytesContent(bytes)));
}

function onlyType(clip: Uint8Array): Content {
  const boxes = topLevelBoxes(clip).filter(({ type }) => type === 'ftyp');
  return joined(...boxes.map(({ bytes }) => bytesContent(bytes)));
}

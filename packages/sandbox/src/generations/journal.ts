import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Generation } from './generation.ts';

export interface Journal {
  append(generation: Generation): void;
  close(): void;
}

const lineSchema = z.object({
  id: z.string(),
  fileName: z.string(),
  model: z.string(),
  words: z.string(),
  requestId: z.string(),
  clientRequestId: z.string().nullable(),
  createdAtMs: z.number(),
  takesMs: z.number(),
  costCredits: z.number(),
  shape: z.enum(['16x9', '9x16', '1x1', '4x3', '3x4', '21x9']),
  durationSeconds: z.number(),
  sound: z.boolean(),
});

const keptForMs = 7 * 24 * 3600 * 1000;

/**
 * Opens the journal: one line of JSON per generation, appended before its create request is answered, so that a
 * generation outlives a killed sandbox as it would outlive ours at the real provider. Loading drops what is older than
 * a week or beyond `entriesMax`, and lines torn by a crash.
 */
export function openJournal(
  path: string,
  entriesMax: number,
  nowMs: number,
): { journal: Journal; generations: Generation[] } {
  mkdirSync(dirname(path), { recursive: true });
  const generations = load(path, nowMs).slice(-entriesMax);
  const compacted = `${path}.tmp`;
  writeFileSync(compacted, generations.map((generation) => `${JSON.stringify(generation)}\n`).join(''));
  renameSync(compacted, path);
  const file = openSync(path, 'a');
  return {
    generations,
    journal: {
      append: (generation) => void writeSync(file, `${JSON.stringify(generation)}\n`),
      close: () => closeSync(file),
    },
  };
}

function load(path: string, nowMs: number): Generation[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => {
      const parsed = lineSchema.safeParse(jsonOrNull(line));
      return parsed.success && nowMs - parsed.data.createdAtMs < keptForMs ? [parsed.data] : [];
    });
}

function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}

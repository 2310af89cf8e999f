import { randomFillSync } from 'node:crypto';
import { decodeTime, encodeTime, ulid } from 'ulid';

const prefix = 'video_';
const shape = /^video_([0-7][0-9a-hjkmnp-tv-z]{25})$/;

/** Random bytes are taken from the system in blocks: asking for each of 16 letters alone costs more than creating a job. */
const pool = new Uint8Array(4_096);
let used = pool.length;

function randomShare(): number {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const byte = pool[used] ?? 0;
  used += 1;
  return byte / 256;
}

/** A fresh id: `video_` and a lower-case ULID, so that ids sort by creation. */
export function newVideoJobId(nowMs: number): string {
  return prefix + ulid(nowMs, randomShare).toLowerCase();
}

/** The ULID inside a job id, which is what keys and indexes hold; null for anything that is not a job id. */
export function ulidOf(jobId: string): string | null {
  return shape.exec(jobId)?.[1] ?? null;
}

/** The same of an id that this program made. */
export function ownUlidOf(jobId: string): string {
  const ulid = ulidOf(jobId);
  if (ulid === null) throw new Error(`not a video job id: ${jobId}`);
  return ulid;
}

export function jobIdOf(ulid: string): string {
  return prefix + ulid;
}

/** When the job behind a ULID was created. */
export function createdAtMsOf(ulid: string): number {
  return decodeTime(ulid.toUpperCase());
}

/** The smallest ULID of a moment, as the bound of an index range. */
export function firstUlidAt(timeMs: number): string {
  return encodeTime(Math.max(0, Math.floor(timeMs))).toLowerCase();
}

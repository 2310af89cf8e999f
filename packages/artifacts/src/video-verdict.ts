import { type Facts, type FileSaid, type Found, said } from '@video-proxy/core';

/** A video file that can be shown, as far as its structure tells. No picture is decoded. */
export interface ValidVideo {
  readonly kind: 'valid';
  readonly contentType: 'video/mp4' | 'video/quicktime' | 'video/webm';
  readonly durationSeconds: number;
  /** As shown: after rotation and pixel shape. */
  readonly width: number;
  readonly height: number;
}

/** The finding is a noun phrase: `an HTML page of 1.2 kB instead of a video`. It quotes nothing of the content. */
export interface InvalidVideo extends Found {
  readonly kind: 'invalid';
  /** It looks like the beginning of a video. Where the end of a download cannot be told from a broken connection, this tells. */
  readonly cutOff: boolean;
}

export type VideoVerdict = ValidVideo | InvalidVideo;

export function invalidVideo(finding: string, code: FileSaid, facts: Facts = {}): InvalidVideo {
  return { kind: 'invalid', finding, said: said(code, facts), cutOff: false };
}

export function cutOffVideo(finding: string, code: FileSaid, facts: Facts = {}): InvalidVideo {
  return { ...invalidVideo(finding, code, facts), cutOff: true };
}

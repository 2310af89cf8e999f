/** A video file that can be shown, as far as its structure tells. No picture is decoded. */
export interface ValidVideo {
  readonly kind: 'valid';
  readonly contentType: 'video/mp4' | 'video/quicktime' | 'video/webm';
  readonly durationSeconds: number;
  /** As shown: after rotation and pixel shape. */
  readonly width: number;
  readonly height: number;
}

export interface InvalidVideo {
  readonly kind: 'invalid';
  /** What the file is, as a noun phrase: `an HTML page of 1.2 kB instead of a video`. Quotes nothing of its content. */
  readonly finding: string;
  /** It looks like the beginning of a video. Where the end of a download cannot be told from a broken connection, this tells. */
  readonly cutOff: boolean;
}

export type VideoVerdict = ValidVideo | InvalidVideo;

export function invalidVideo(finding: string): InvalidVideo {
  return { kind: 'invalid', finding, cutOff: false };
}

export function cutOffVideo(finding: string): InvalidVideo {
  return { kind: 'invalid', finding, cutOff: true };
}

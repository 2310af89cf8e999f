import type { EnvelopeStyle } from '../wire/envelopes.ts';
import type { TroubleWord } from '../wire/troubles.ts';

/** Something that goes wrong for the first `times` calls of a kind; `Infinity` means always. */
export interface Spell<Word extends string> {
  readonly trouble: Word;
  readonly times: number;
}

export const idShapes = ['nanoid', 'dash', 'uuid', 'uuid-model', 'digits', 'digits-model', 'cgt', 'long'] as const;
export type IdShape = (typeof idShapes)[number];

export const usageShapes = ['credits', 'credits-only', 'tokens', 'none'] as const;
type UsageShape = (typeof usageShapes)[number];

export const errorShapes = ['object', 'detail', 'string', 'null', 'policy', 'policy-detail'] as const;
export type ErrorShape = (typeof errorShapes)[number];

export const videoShapes = ['object', 'extra', 'duration', 'strings', 'objects', 'null', 'no-url', 'absent'] as const;
type VideoShape = (typeof videoShapes)[number];

export const linkShapes = ['absolute', 'internal', 'loopback', 'file', 'relative'] as const;
export type LinkShape = (typeof linkShapes)[number];

export const fileBodies = [
  'video',
  'html',
  'empty',
  'truncated',
  'audio-only',
  'zeros',
  'garbage',
  'no-index',
  'index-last',
] as const;
type FileBody = (typeof fileBodies)[number];

export type FileTrouble = 'unavailable' | 'forbidden' | 'reset' | 'hang' | 'cut' | 'stall';

/** Everything a scenario can change about one generation, its calls and its file. */
export interface Behaviour {
  /** For creates; also for any other call that names scenario words itself. */
  readonly troubles: readonly Spell<TroubleWord>[];
  /** The request is taken before its answer goes wrong. */
  readonly accepted: boolean;
  readonly answerDelaySeconds: number;
  readonly retryAfter: string | null;
  readonly envelope: EnvelopeStyle | null;
  readonly createStatus: 200 | 201;
  readonly idField: 'id' | 'generation_id' | 'absent';
  readonly idShape: IdShape;
  readonly usage: UsageShape;
  readonly createCompletes: boolean;
  readonly logsDelaySeconds: number;

  /** Null: as long as the sandbox decides for the model. */
  readonly generationSeconds: number | null;
  readonly outcome: 'completes' | 'fails' | 'never';
  readonly pendingStatus: string | null;
  readonly completedStatus: string;
  readonly failedStatus: string;
  readonly error: ErrorShape;
  readonly video: VideoShape;
  readonly videoLatePolls: number;

  readonly pollTroubles: readonly Spell<TroubleWord>[];
  readonly pollDelaySeconds: number;

  readonly link: LinkShape;
  readonly linkSeconds: number | null;
  readonly deadLinks: number;
  readonly fileBody: FileBody;
  readonly fileSizeBytes: number | null;
  readonly fileTroubles: readonly Spell<FileTrouble>[];
  readonly fileStatus: 200 | 404 | 410;
  readonly fileType: string;
  readonly fileBytesPerSecond: number | null;
  readonly fileRedirect: 'none' | 'once' | 'loop' | 'internal';
  readonly fileEndless: boolean;
  readonly fileLength: boolean;
  readonly fileRanges: boolean;
}

export const usualBehaviour: Behaviour = {
  troubles: [],
  accepted: false,
  answerDelaySeconds: 0,
  retryAfter: null,
  envelope: null,
  createStatus: 200,
  idField: 'id',
  idShape: 'nanoid',
  usage: 'credits',
  createCompletes: false,
  logsDelaySeconds: 0,

  generationSeconds: null,
  outcome: 'completes',
  pendingStatus: null,
  completedStatus: 'completed',
  failedStatus: 'error',
  error: 'object',
  video: 'object',
  videoLatePolls: 0,

  pollTroubles: [],
  pollDelaySeconds: 0,

  link: 'absolute',
  linkSeconds: null,
  deadLinks: 0,
  fileBody: 'video',
  fileSizeBytes: null,
  fileTroubles: [],
  fileStatus: 200,
  fileType: 'video/mp4',
  fileBytesPerSecond: null,
  fileRedirect: 'none',
  fileEndless: false,
  fileLength: true,
  fileRanges: true,
};

/** The trouble of the n-th call (0 first) when spells follow one another: `a=2, b=1` is a, a, b, then none. */
export function troubleAt<Word extends string>(spells: readonly Spell<Word>[], call: number): Word | null {
  let first = 0;
  for (const spell of spells) {
    if (call < first + spell.times) return spell.trouble;
    first += spell.times;
  }
  return null;
}

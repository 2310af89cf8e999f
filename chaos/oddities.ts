/** Something the sandbox does to one job, by the words in its prompt. */
export interface Oddity {
  readonly words: string;
  /** How often compared with the others. */
  readonly weight: number;
  /** Takes minutes by design, and is left out of short runs. */
  readonly slow?: true;
  /** The generation never ends by itself: only the deadline ends the job. */
  readonly endless?: true;
}

export const ordinary: Oddity = { words: '', weight: 120 };

const accountTrouble = [
  'rejected-key',
  'incident',
  'out-of-credits',
  'out-of-funds',
  'exhausted-plan',
  'unverified',
  'payment-required',
];

const refusals = [
  'forbidden',
  'invalid-payload',
  'validation-error',
  'validation-list',
  'refused-content',
  'model-not-found',
  'not-found',
  'too-large',
  'envelope=gateway invalid-payload',
];

const rateLimits = ['rate-limited=1 retry-after=1', 'free-tier-limit=1', 'rate-limited=1 retry-after-date'];

const lostCreates = [
  'server-error',
  'server-sorry',
  'maintenance',
  'bad-gateway',
  'unavailable',
  'gateway-timeout',
  'origin-timeout',
  'html',
  'empty',
  'broken-json',
  'strange-json',
  'reset',
  'cut',
];

const oddAnswers = [
  'lost-answer',
  'lost-answer logs-delay=8',
  'answer-delay=3',
  'created',
  'create-completes',
  'id-as=dash',
  'generation-id-field',
  'no-id',
  'usage-as=none',
];

const oddGenerations = [
  'slow=6',
  'fails',
  'fails=detail',
  'moderation',
  'pending-as=waiting',
  'completed-as=succeeded',
  'failed-as=expired',
  'video-as=strings',
  'video-as=absent',
  'video-late',
  'poll-delay=3',
];

const pollTrouble = [
  'rejected-key',
  'incident',
  'out-of-credits',
  'out-of-funds',
  'exhausted-plan',
  'unverified',
  'forbidden',
  'payment-required',
  'invalid-payload',
  'validation-error',
  'validation-list',
  'refused-content',
  'model-not-found',
  'not-found',
  'too-large',
  'rate-limited',
  'free-tier-limit',
  'server-error',
  'server-sorry',
  'maintenance',
  'bad-gateway',
  'unavailable',
  'gateway-timeout',
  'origin-timeout',
  'html',
  'empty',
  'broken-json',
  'strange-json',
  'reset',
  'cut',
].map((word) => `poll-${word}=1`);

const oddFiles = [
  'link-seconds=30',
  'file-expired',
  'file-html',
  'file-empty',
  'file-truncated',
  'file-audio-only',
  'file-zeros',
  'file-garbage',
  'file-no-index',
  'file-index-last',
  'file-unavailable',
  'file-forbidden',
  'file-reset',
  'file-cut',
  'file-missing',
  'file-gone',
  'file-type',
  'size=300kb file-slow=100kb',
  'file-redirect',
  'file-no-length',
  'file-no-ranges',
];

/** Timeouts of half a minute and more, and links that are tried for minutes. */
const slow = [
  'hang',
  'hang accepted',
  'poll-hang=1',
  'file-hang',
  'file-stall',
  'link-as=internal',
  'link-as=loopback',
  'file-redirect-loop',
  'file-redirect-internal',
];

const weighted = (words: readonly string[], weight: number) => words.map((each): Oddity => ({ words: each, weight }));

/** Most jobs are ordinary; trouble with the account is rare, because it holds everybody up. */
export const oddities: readonly [Oddity, ...Oddity[]] = [
  ordinary,
  ...weighted(accountTrouble, 0.5),
  ...weighted(refusals, 1),
  ...weighted(rateLimits, 1),
  ...weighted(lostCreates, 1),
  ...weighted(oddAnswers, 3),
  ...weighted(oddGenerations, 3),
  ...weighted(pollTrouble, 1),
  ...weighted(oddFiles, 2),
  { words: 'never', weight: 2, endless: true },
  ...slow.map((words): Oddity => ({ words, weight: 1, slow: true })),
];

/** What the sandbox can do and no run asks for, with the reason. */
export const leftOut: Readonly<Record<string, string>> = {
  'file-endless': 'fills the disk up to the limit of a file',
};

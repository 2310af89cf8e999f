import { envelopeStyles } from '../wire/envelopes.ts';
import { troubles, troubleWords } from '../wire/troubles.ts';
import { idShapes, usageShapes } from './behaviour.ts';
import { choice, counted, plain, type Scenario, seconds } from './scenario.ts';

/** What goes wrong with the create request. */
export const createTroubleScenarios: readonly Scenario[] = troubleWords.map((word) =>
  counted({ word, ...describe(word) }, Number.POSITIVE_INFINITY, (behaviour, times) => ({
    ...behaviour,
    troubles: [...behaviour.troubles, { trouble: word, times }],
  })),
);

/** How the create request is answered. */
export const createScenarios: readonly Scenario[] = [
  plain(
    {
      word: 'accepted',
      does: 'together with a word for trouble: the request is taken, runs, is charged and appears in `/v2/logs`, and only its answer goes wrong',
      source: 'inferred',
    },
    (behaviour) => ({ ...behaviour, accepted: true }),
  ),
  plain(
    {
      word: 'lost-answer',
      does: 'the same as `origin-timeout accepted`: taken, then answered 524',
      source: 'inferred',
    },
    (behaviour) => ({
      ...behaviour,
      accepted: true,
      troubles: [...behaviour.troubles, { trouble: 'origin-timeout', times: Number.POSITIVE_INFINITY }],
    }),
  ),
  seconds(
    { word: 'answer-delay', does: 'the create request is answered after S seconds', source: 'inferred' },
    5,
    (behaviour, answerDelaySeconds) => ({ ...behaviour, answerDelaySeconds }),
  ),
  seconds(
    { word: 'retry-after', does: 'answers 429 and 503 carry `Retry-After: S`', source: 'inferred' },
    2,
    (behaviour, retryAfter) => ({ ...behaviour, retryAfter: String(retryAfter) }),
  ),
  plain(
    {
      word: 'retry-after-date',
      does: 'answers 429 and 503 carry `Retry-After` as an HTTP date two seconds ahead',
      source: 'inferred',
    },
    (behaviour) => ({ ...behaviour, retryAfter: 'date' }),
  ),
  choice(
    { word: 'envelope', does: 'refusals come in this envelope, whatever is usual for them', source: 'recorded' },
    envelopeStyles,
    (behaviour, envelope) => ({ ...behaviour, envelope }),
  ),
  plain({ word: 'created', does: 'the create request is answered 201', source: 'documented' }, (behaviour) => ({
    ...behaviour,
    createStatus: 201,
  })),
  plain(
    {
      word: 'create-completes',
      does: 'the create answer already says `completed` and has the video',
      source: 'inferred',
    },
    (behaviour) => ({ ...behaviour, createCompletes: true, generationSeconds: 0 }),
  ),
  choice(
    {
      word: 'id-as',
      does: 'shape of the generation id: 21-character nanoid, one that starts with `-`, uuid, `uuid:model`, digits, `digits:model`, `cgt-…`, 128 characters',
      source: 'recorded',
    },
    idShapes,
    (behaviour, idShape) => ({ ...behaviour, idShape }),
  ),
  plain(
    { word: 'generation-id-field', does: 'the create answer has `generation_id` in place of `id`', source: 'recorded' },
    (behaviour) => ({ ...behaviour, idField: 'generation_id' }),
  ),
  plain(
    {
      word: 'no-id',
      does: 'the create answer is 200 without any id, in body or header; the generation runs',
      source: 'inferred',
    },
    (behaviour) => ({ ...behaviour, idField: 'absent' }),
  ),
  choice(
    { word: 'usage-as', does: '`meta.usage` of the create answer', source: 'recorded' },
    usageShapes,
    (behaviour, usage) => ({ ...behaviour, usage }),
  ),
  seconds(
    { word: 'logs-delay', does: 'the create request appears in `/v2/logs` only after S seconds', source: 'inferred' },
    60,
    (behaviour, logsDelaySeconds) => ({ ...behaviour, logsDelaySeconds }),
  ),
];

function describe(word: keyof typeof troubles): Pick<Scenario, 'does' | 'source'> {
  const { does, source } = troubles[word];
  return { does, source };
}

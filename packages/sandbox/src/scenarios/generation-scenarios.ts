import { troubles, troubleWords } from '../wire/troubles.ts';
import { errorShapes, videoShapes } from './behaviour.ts';
import { choice, counted, plain, type Scenario, seconds, text } from './scenario.ts';

/** How a generation goes and how its polls report it. */
export const generationScenarios: readonly Scenario[] = [
  seconds({ word: 'slow', does: 'the generation takes S seconds', source: 'documented' }, 60, (behaviour, slow) => ({
    ...behaviour,
    generationSeconds: slow,
  })),
  plain({ word: 'never', does: 'the generation never ends', source: 'observed' }, (behaviour) => ({
    ...behaviour,
    outcome: 'never',
  })),
  choice(
    {
      word: 'fails',
      does: 'the generation fails, not charged; `error` is an object with name and message, the `detail` list of fal, a string, null, or about the content rules (`policy`, `policy-detail`)',
      source: 'recorded',
    },
    errorShapes,
    (behaviour, error) => ({ ...behaviour, outcome: 'fails', error }),
  ),
  plain(
    {
      word: 'moderation',
      does: 'the same as `fails=policy-detail`: content rules, found while generating, named by a code',
      source: 'inferred',
    },
    (behaviour) => ({ ...behaviour, outcome: 'fails', error: 'policy-detail' }),
  ),
  text(
    {
      word: 'pending-as',
      does: 'the status word until the end, such as `waiting` `active` `processing` `unknown`, or one never seen',
      source: 'recorded',
    },
    'waiting',
    (behaviour, pendingStatus) => ({ ...behaviour, pendingStatus }),
  ),
  text(
    { word: 'completed-as', does: 'the status word of success', source: 'recorded' },
    'succeeded',
    (behaviour, completedStatus) => ({ ...behaviour, completedStatus }),
  ),
  text(
    {
      word: 'failed-as',
      does: 'the generation fails with this status word, such as `expired` or `unknown`',
      source: 'observed',
    },
    'failed',
    (behaviour, failedStatus) => ({ ...behaviour, outcome: 'fails', failedStatus }),
  ),
  choice(
    {
      word: 'video-as',
      does: '`video` of the finished generation: `{url}`, with more fields, with `duration`, a list of strings, a list of objects, null, an object without `url`, or no such field',
      source: 'recorded',
    },
    videoShapes,
    (behaviour, video) => ({ ...behaviour, video }),
  ),
  counted(
    { word: 'video-late', does: 'the first N polls after the end say success with `video: null`', source: 'inferred' },
    2,
    (behaviour, videoLatePolls) => ({ ...behaviour, videoLatePolls }),
  ),
  seconds(
    { word: 'poll-delay', does: 'polls are answered after S seconds', source: 'inferred' },
    5,
    (behaviour, delay) => ({
      ...behaviour,
      pollDelaySeconds: delay,
    }),
  ),
];

/** Enough to be met, few enough to get over. */
const pollsInTrouble = 2;

/** What goes wrong with polls. */
export const pollTroubleScenarios: readonly Scenario[] = troubleWords.map((trouble) =>
  counted(
    { word: `poll-${trouble}`, does: troubles[trouble].does, source: troubles[trouble].source },
    pollsInTrouble,
    (behaviour, times) => ({ ...behaviour, pollTroubles: [...behaviour.pollTroubles, { trouble, times }] }),
  ),
);

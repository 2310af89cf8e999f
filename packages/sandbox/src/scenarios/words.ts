import { type Behaviour, usualBehaviour } from './behaviour.ts';
import { createScenarios, createTroubleScenarios } from './create-scenarios.ts';
import { fileScenarios } from './file-scenarios.ts';
import { generationScenarios, pollTroubleScenarios } from './generation-scenarios.ts';
import type { Scenario } from './scenario.ts';

interface Chapter {
  readonly title: string;
  readonly introduction: string;
  readonly scenarios: readonly Scenario[];
}

/** Every scenario there is, in the chapters of the documentation. */
export const scenarioChapters: readonly Chapter[] = [
  {
    title: 'The create request goes wrong',
    introduction:
      'N is how many create requests of one job it holds for; the usual one is in brackets. Creates belong to one job when their `X-Client-Request-Id` is the same but for a last `.1`, `.2` …; without that header, when their prompt is the same. Several words follow one another: `rate-limited=2 server-error=1`.',
    scenarios: createTroubleScenarios,
  },
  {
    title: 'The create request is answered',
    introduction: 'Where values are listed, the first is meant when none is written.',
    scenarios: createScenarios,
  },
  {
    title: 'The generation',
    introduction: 'S is a number of seconds.',
    scenarios: generationScenarios,
  },
  {
    title: 'Polls go wrong',
    introduction:
      'N is how many polls of the generation it holds for, from the first; they follow one another as above.',
    scenarios: pollTroubleScenarios,
  },
  {
    title: 'The file',
    introduction: 'N is how many downloads of the generation it holds for. SIZE is `300kb`, `5mb`, `2gb` or bytes.',
    scenarios: fileScenarios,
  },
];

const scenarioByWord = new Map(
  scenarioChapters.flatMap(({ scenarios }) => scenarios).map((scenario) => [scenario.word, scenario]),
);

/** What a list of scenario words asks for, or why it cannot be read. */
export type ReadScenario =
  | { readonly kind: 'read'; readonly behaviour: Behaviour }
  | { readonly kind: 'unreadable'; readonly finding: string };

/** Long enough for any combination; a prompt may be much longer than its words. */
const longestWordsCharacters = 1_000;

/** The words inside every `[sandbox:…]` of a prompt, as one list; empty when there are none. */
export function wordsInPrompt(prompt: string): string {
  if (!prompt.includes('[sandbox:')) return '';
  return [...prompt.matchAll(/\[sandbox:([^\][]*)\]/g)].map(([, words]) => words).join(' ');
}

/**
 * Reads words separated by spaces or commas, such as `slow=30, size=5mb`. Later words win over earlier ones; troubles
 * of one kind follow one another. An unknown word is an error: ignoring a misspelt one would make a test meaningless.
 */
export function readScenario(words: string): ReadScenario {
  if (words.length > longestWordsCharacters) return { kind: 'unreadable', finding: 'Too many sandbox words' };
  let behaviour = usualBehaviour;
  for (const written of words.split(/[\s,]+/)) {
    if (written === '') continue;
    const equals = written.indexOf('=');
    const word = equals < 0 ? written : written.slice(0, equals);
    const value = equals < 0 ? null : written.slice(equals + 1);
    const scenario = scenarioByWord.get(word);
    if (!scenario) return { kind: 'unreadable', finding: `Unknown sandbox word "${word}"; docs/sandbox.md lists them` };
    const changed = scenario.apply(behaviour, value);
    if ('valueError' in changed) return { kind: 'unreadable', finding: `Sandbox word "${word}" ${changed.valueError}` };
    behaviour = changed;
  }
  return { kind: 'read', behaviour };
}

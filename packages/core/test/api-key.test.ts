import { inspectApiKey, keyAnnouncement } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';

const hexKey = '0123456789abcdef0123456789abcdef';

describe('a key is recognised as', () => {
  test.each([
    ['not set', undefined],
    ['empty', ''],
    ['only spaces', '  '],
  ])('missing when it is %s', (_, raw) => {
    expect(inspectApiKey(raw)).toEqual({ state: 'missing' });
  });

  test.each([
    ['quoted', `"${hexKey}"`],
    ['quoted', `'${hexKey}'`],
    ['quoted', `“${hexKey}”`],
    ['quoted', '"sk-aimlapi-xxx"'],
    ['bearer_prefix', `Bearer ${hexKey}`],
    ['bearer_prefix', `bearer ${hexKey}`],
    ['placeholder', 'sk-aimlapi-xxx...'],
    ['placeholder', 'your-api-key'],
    ['placeholder', 'YOUR_AIMLAPI_KEY'],
    ['placeholder', '<your key here>'],
    ['placeholder', '${AI_ML_API_KEY}'],
    ['placeholder', 'changeme'],
    ['placeholder', 'sk-***'],
    ['surrounding_space', ` ${hexKey}`],
    ['surrounding_space', `${hexKey}\n`],
    ['inner_space', `${hexKey.slice(0, 16)} ${hexKey.slice(16)}`],
    ['invisible_character', `${hexKey}\u200b`],
    ['invisible_character', `\ufeff${hexKey}`],
    ['invisible_character', `${hexKey}\u00a0`],
  ])('malformed (%s): %j', (flaw, raw) => {
    expect(inspectApiKey(raw)).toMatchObject({ state: 'malformed', flaw });
  });

  test('loaded when it has the documented shape', () => {
    expect(inspectApiKey(hexKey)).toEqual({ state: 'loaded', lengthCharacters: 32, prefix: '', unusualShape: false });
  });

  test('loaded when it has a vendor prefix, of which only the prefix is told', () => {
    expect(inspectApiKey(`sk-aimlapi-${hexKey}`)).toEqual({
      state: 'loaded',
      lengthCharacters: 43,
      prefix: 'sk-aimlapi-',
      unusualShape: false,
    });
  });

  test('loaded with a warning when its shape is unusual: the provider decides, not we', () => {
    expect(inspectApiKey('short')).toMatchObject({ state: 'loaded', unusualShape: true });
  });
});

test('no finding contains any part of the key', () => {
  const result = inspectApiKey(`"${hexKey}"`);
  expect(JSON.stringify(result)).not.toContain(hexKey.slice(0, 6));
});

test('the announcement names length, vendor prefix and fingerprint of a key, and nothing else of it', () => {
  const key = 'sk-aimlapi-0123456789abcdef0123456789abcdef';
  expect(keyAnnouncement(inspectApiKey(key), '1f3a9c2e')).toBe(
    '[video-proxy] AI_ML_API_KEY loaded, length: 43, prefix: sk-aimlapi-, fingerprint: 1f3a9c2e',
  );
});

test('the announcement says that a key is missing, or what is wrong with it', () => {
  expect(keyAnnouncement(inspectApiKey(''), null)).toBe('Missing AI_ML_API_KEY');
  expect(keyAnnouncement(inspectApiKey('"0123456789abcdef0123456789abcdef"'), null)).toMatch(
    /^\[video-proxy\] AI_ML_API_KEY malformed: .*wrapped in quotes/,
  );
});

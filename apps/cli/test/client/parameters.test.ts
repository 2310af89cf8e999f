import { expect, test } from 'vitest';
import { parseParameters } from '../../src/generate/parameters.ts';
import { exitCodes } from '../../src/problem.ts';

test('a value that is JSON is taken as such, everything else as text', () => {
  expect(
    parseParameters([
      'duration=8',
      'generate_audio=false',
      'image_urls=["https://a/b.png"]',
      'resolution=720p',
      'seed="7"',
      'negative_prompt=a=b',
    ]),
  ).toEqual({
    duration: 8,
    generate_audio: false,
    image_urls: ['https://a/b.png'],
    resolution: '720p',
    seed: '7',
    negative_prompt: 'a=b',
  });
});

test('the last value of a name wins', () => {
  expect(parseParameters(['duration=4', 'duration=8'])).toEqual({ duration: 8 });
});

test('an assignment without a name is a usage error', () => {
  expect(() => parseParameters(['=8'])).toThrow(expect.objectContaining({ exitCode: exitCodes.usage }));
});

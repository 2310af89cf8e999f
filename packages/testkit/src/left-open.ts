import { afterAll, expect } from 'vitest';
import { discardOpen, nameOpeners } from './open-resources.ts';

nameOpeners(() => expect.getState().currentTestName ?? 'a hook of the file');

/** Run for every test file (`setupFiles`): what is still open at its end is discarded, and the file fails. */
afterAll(() => {
  expect(discardOpen(), 'left open').toEqual([]);
});

import { afterAll, expect } from 'vitest';

type Resource = { readonly what: string; readonly openedBy: string; readonly discard: () => void };

const open = new Set<Resource>();

/** Remembers what a test opened until `closed` is called. `discard` gets rid of it at once, when the test did not. */
export function trackOpen(what: string, discard: () => void): { closed(): void } {
  const resource = { what, openedBy: expect.getState().currentTestName ?? 'a hook of the file', discard };
  open.add(resource);
  return { closed: () => open.delete(resource) };
}

/** Run for every test file (`setupFiles`): what is still open at its end is discarded, and the file fails. */
afterAll(() => {
  const left = [...open];
  open.clear();
  for (const { discard } of left) discard();
  const names = left.map(({ what, openedBy }) => `${what}, opened by ${openedBy}`);
  expect(names, 'left open').toEqual([]);
});

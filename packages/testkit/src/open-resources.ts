type Resource = { readonly what: string; readonly openedBy: string; readonly discard: () => void };

const open = new Set<Resource>();
let nameOfOpener = (): string => 'a program';

/** Remembers what was opened until `closed` is called. `discard` gets rid of it at once, when nobody closed it. */
export function trackOpen(what: string, discard: () => void): { closed(): void } {
  const resource = { what, openedBy: nameOfOpener(), discard };
  open.add(resource);
  return { closed: () => open.delete(resource) };
}

/** Who opens things from now on. */
export function nameOpeners(name: () => string): void {
  nameOfOpener = name;
}

/** Discards all that is still open. @returns what it was, and who opened it */
export function discardOpen(): string[] {
  const left = [...open];
  open.clear();
  for (const { discard } of left) discard();
  return left.map(({ what, openedBy }) => `${what}, opened by ${openedBy}`);
}

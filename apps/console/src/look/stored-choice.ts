import { useSyncExternalStore } from 'react';

/** A choice of the person, kept in the browser; null until one is made. */
export interface StoredChoice<T extends string> {
  use(): T | null;
  current(): T | null;
  choose(value: T): void;
}

export function storedChoice<T extends string>(name: string, values: readonly T[]): StoredChoice<T> {
  const listeners = new Set<() => void>();
  const current = () => values.find((value) => value === localStorage.getItem(name)) ?? null;
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    current,
    use: () => useSyncExternalStore(subscribe, current),
    choose(value) {
      localStorage.setItem(name, value);
      for (const listener of listeners) listener();
    },
  };
}

/** Counts something since this process began. */
export interface Counter {
  increment(): void;
  value(): number;
}

export function newCounter(): Counter {
  let count = 0;
  return {
    increment() {
      count += 1;
    },
    value: () => count,
  };
}

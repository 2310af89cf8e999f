import type { SaidWire } from '@video-proxy/contracts';

export type TextFacts = NonNullable<SaidWire>['facts'];

/** A text by its code: fixed, or made from the facts, and from the text of a part that has a code of its own. */
export type Text = string | ((facts: TextFacts, part: string | null) => string);

type Fact = TextFacts[string] | undefined;

export const balance = (value: Fact) => (typeof value === 'number' ? `${value.toFixed(2)} 美元` : '未知');

const units = ['字节', 'kB', 'MB', 'GB', 'TB'];

/** As `sizeInWords` in `packages/artifacts` has it. */
export function size(value: Fact): string {
  let [amount, unit] = [Number(value), 0];
  while (amount >= 999.5 && unit < units.length - 1) {
    amount /= 1_000;
    unit += 1;
  }
  return `${unit > 0 && amount < 9.95 ? amount.toFixed(1) : Math.round(amount)} ${units[unit]}`;
}

/** With the code of the error, which says the same in every language. */
export const named =
  (text: string): Text =>
  ({ error }) =>
    error == null ? text : `${text}（${error}）`;

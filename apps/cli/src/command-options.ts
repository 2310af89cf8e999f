import { InvalidArgumentError, Option } from 'commander';
import type { ExitCode } from './problem.ts';

/** How a command says what it ended with. */
export type Finish = (code: ExitCode) => void;

export const urlOption = () =>
  new Option('--url <address>', 'of the service (default: VIDEO_PROXY_URL, else this machine at PORT)');
export const keyOption = () => new Option('--key <client key>', 'default: VIDEO_PROXY_KEY');

export function wholeNumber(from: number, to: number): (text: string) => number {
  return (text) => {
    if (/^\d+$/.test(text) && Number(text) >= from && Number(text) <= to) return Number(text);
    throw new InvalidArgumentError(`Not a whole number from ${from} to ${to}.`);
  };
}

export function seconds(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Not a number of seconds.');
}

export function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

import { styleText } from 'node:util';
import type { Environment } from '@video-proxy/contracts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** One of the two streams a person reads, and what it can show. */
export interface Output {
  /** True on a terminal: lines may be rewritten. In a pipe or a log every change is a new line. */
  readonly interactive: boolean;
  readonly columns: number;
  line(text?: string): void;
  write(text: string): void;
  paint(style: Style, text: string): string;
}

/** Results go to `out`, everything about them (progress, complaints) to `err`: `video-proxy … > file` stays clean. */
export interface Terminal {
  readonly out: Output;
  readonly err: Output;
}

interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function openTerminal(streams: { stdout: TextStream; stderr: TextStream }, environment: Environment): Terminal {
  // https://no-color.org: present and not empty means no colour.
  const colourWanted = (environment['NO_COLOR'] ?? '') === '' && environment['TERM'] !== 'dumb';
  const open = (stream: TextStream): Output => {
    const interactive = stream.isTTY === true;
    return {
      interactive,
      columns: stream.columns ?? 80,
      line: (text = '') => void stream.write(`${harmless(text, interactive)}\n`),
      write: (text) => void stream.write(text),
      paint: (style, text) => (interactive && colourWanted ? styleText(style, text, { validateStream: false }) : text),
    };
  };
  return { out: open(streams.stdout), err: open(streams.stderr) };
}

/** The colours and weights of `paint`. */
const ownStyle = /^\[(?:1|2|22|3[1-9])m/;

/**
 * Prompts, owners and the provider's words are on the lines, too. What in them would steer the terminal, or turn the direction of
 * reading, is shown as its code, in the way of JSON: there it stays the same text.
 */
export function harmless(text: string, styled: boolean): string {
  return text.replaceAll(/\p{Cc}|[\u202a-\u202e\u2066-\u2069]/gu, (sign, at: number) => {
    if (sign === '\n' || sign === '\t') return sign;
    if (styled && sign === '\u001b' && ownStyle.test(text.slice(at + 1, at + 5))) return sign;
    return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

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
      line: (text = '') => void stream.write(`${text}\n`),
      write: (text) => void stream.write(text),
      paint: (style, text) => (interactive && colourWanted ? styleText(style, text, { validateStream: false }) : text),
    };
  };
  return { out: open(streams.stdout), err: open(streams.stderr) };
}

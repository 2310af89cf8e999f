import { describe, expect, test } from 'vitest';
import { openLiveLine, progressBar } from '../src/live-line.ts';
import { openTerminal } from '../src/terminal.ts';

function screen(isTTY: boolean, environment: Readonly<Record<string, string>> = {}) {
  const written: string[] = [];
  const stream = { isTTY, columns: 20, write: (text: string) => written.push(text) };
  return { terminal: openTerminal({ stdout: stream, stderr: stream }, environment), written };
}

const redBegin = '\u001b[31m';

describe('colour', () => {
  test('is used on a terminal only', () => {
    expect(screen(true).terminal.out.paint('red', 'no')).toContain(redBegin);
    expect(screen(false).terminal.out.paint('red', 'no')).toBe('no');
  });

  test('is left out when NO_COLOR is set, and an empty NO_COLOR is not set', () => {
    expect(screen(true, { NO_COLOR: '1' }).terminal.out.paint('red', 'no')).toBe('no');
    expect(screen(true, { NO_COLOR: '' }).terminal.out.paint('red', 'no')).toContain(redBegin);
    expect(screen(true, { TERM: 'dumb' }).terminal.out.paint('red', 'no')).toBe('no');
  });
});

describe('what others wrote', () => {
  const hostile = 'a\u001b[2J\u001b]0;title\u0007\r\u009b8m \u202Ecat\u001b[8m';
  const shown = 'a\\u001b[2J\\u001b]0;title\\u0007\\u000d\\u009b8m \\u202ecat\\u001b[8m';

  test('does not steer the terminal: it is shown as its code, and our own colours stay', () => {
    const { terminal, written } = screen(true);
    const { out } = terminal;
    out.line(`${out.paint('red', 'no')} ${out.paint('dim', 'so')}: ${hostile}`);
    openLiveLine(out).show('step', '\u001b[2Jb');
    expect(written).toEqual([
      `${out.paint('red', 'no')} ${out.paint('dim', 'so')}: ${shown}\n`,
      '\r\u001b[2K\\u001b[2Jb',
    ]);
  });

  test('is the same text in JSON', () => {
    const { terminal, written } = screen(false);
    terminal.out.line(JSON.stringify({ prompt: hostile }));
    expect(written[0]).toContain('\\u009b8m \\u202ecat');
    expect(JSON.parse(written[0] ?? '')).toEqual({ prompt: hostile });
  });
});

describe('a live line', () => {
  test('is rewritten on a terminal, cut to its width, and gone at the end', () => {
    const { terminal, written } = screen(true);
    const live = openLiveLine(terminal.err);
    live.show('step', 'short');
    live.show('step', 'a text that is longer than the terminal is wide');
    live.end();
    expect(written).toEqual(['\r\u001b[2Kshort', '\r\u001b[2Ka text that is lon…', '\r\u001b[2K']);
  });

  test('is one line for each step in a log', () => {
    const { terminal, written } = screen(false);
    const live = openLiveLine(terminal.err);
    live.show('queued', '0 %');
    live.show('generating', '10 %');
    live.show('generating', '20 %');
    live.end();
    expect(written).toEqual(['queued\n', 'generating\n']);
  });
});

test('a progress bar never leaves its frame', () => {
  expect(progressBar(0, 4)).toBe('░░░░   0 %');
  expect(progressBar(50, 4)).toBe('██░░  50 %');
  expect(progressBar(100, 4)).toBe('████ 100 %');
});

import { expect, test } from 'vitest';
import { pageTickets } from '../src/page-tickets.ts';

const nowMs = 1_700_000_000_000;
const keys = { opsKey: 'full', opsReadKey: 'read' };
const at = (timeMs: number) => pageTickets({ ...keys, now: () => timeMs });

function cookie(): string {
  const [pair = ''] = at(nowMs).cookieFor('operator_read', { path: '/ops/queues', secure: true }).split(';');
  return pair;
}

test('a ticket is valid for an hour, also for another process with the same keys', () => {
  expect(at(nowMs + 3_599_000).roleOf(cookie())).toBe('operator_read');
  expect(at(nowMs + 3_600_000).roleOf(cookie())).toBeNull();
});

test('a ticket among other cookies is found', () => {
  expect(at(nowMs).roleOf(`a=b; ${cookie()}; c=d`)).toBe('operator_read');
});

test('after a change of a key no ticket is valid', () => {
  for (const changed of [{ opsKey: 'new' }, { opsReadKey: 'new' }, { opsReadKey: null }]) {
    expect(pageTickets({ ...keys, ...changed, now: () => nowMs }).roleOf(cookie())).toBeNull();
  }
});

test.each([
  ['another role', (text: string) => text.replace('operator_read', 'operator')],
  ['a longer life', (text: string) => text.replace(/\.(\d+)\./, (_, until) => `.${Number(until) + 1}.`)],
  ['another signature', (text: string) => text.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
  ['no signature', (text: string) => text.replace(/\.[^.]+$/, '')],
  ['nothing', () => ''],
])('a ticket that was changed to %s opens nothing', (_what, change) => {
  expect(at(nowMs).roleOf(change(cookie()))).toBeNull();
});

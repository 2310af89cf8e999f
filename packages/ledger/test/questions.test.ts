import type { Change } from '@video-proxy/ledger';
import { expect, test } from 'vitest';
import { keysOf, openTestLedger } from './open-ledger.ts';

test('a question reaches every process, and its answers the one that asked', async () => {
  const { ledger, namespace } = await openTestLedger();
  const { ledger: worker } = await openTestLedger({ namespace });
  const { id } = await ledger.questions.ask('probe');
  expect(await worker.questions.open()).toEqual([{ id, kind: 'probe' }]);
  expect(await ledger.questions.answers(id)).toEqual(new Map());
  await worker.questions.answer(id, 'host.1', { outcome: 'ok' });
  await worker.questions.answer(id, 'host.2', { outcome: 'refused' });
  expect(await ledger.questions.answers(id)).toEqual(
    new Map([
      ['host.1', { outcome: 'ok' }],
      ['host.2', { outcome: 'refused' }],
    ]),
  );
});

test('asking and answering are announced', async () => {
  const { ledger } = await openTestLedger();
  const heard: Change[] = [];
  ledger.changes.onAny((change) => heard.push(change));
  await expect.poll(() => heard).toEqual([{ kind: 'look_again' }]);
  const { id } = await ledger.questions.ask('reload');
  await ledger.questions.answer(id, 'host.1', {});
  await expect.poll(() => heard.slice(1)).toEqual([{ kind: 'questions' }, { kind: 'questions' }]);
});

test('a question that was withdrawn is not open, and what was asked goes away by itself', async () => {
  const { ledger, redis, namespace } = await openTestLedger();
  const first = await ledger.questions.ask('probe');
  const second = await ledger.questions.ask('reload');
  await ledger.questions.withdraw(first.id);
  expect(await ledger.questions.open()).toEqual([second]);
  await ledger.questions.answer(second.id, 'host.1', {});
  for (const key of await keysOf({ ledger, redis, namespace })) expect(await redis.pttl(key)).toBeGreaterThan(0);
});

test('a kind of question that this version does not know is left alone', async () => {
  const { ledger, redis, namespace } = await openTestLedger();
  await redis.hset(`{${namespace}}:questions`, 'some-id', 'horoscope');
  expect(await ledger.questions.open()).toEqual([]);
});

import type { Dispatcher } from 'undici';
import { describe, expect, test } from 'vitest';
import { exchange } from '../src/exchange.ts';
import { remarkOn } from '../src/network-trouble.ts';
import { patient } from './scripted-provider.ts';

test('a request that undici starts a second time is broken off before it is written again', async () => {
  const aborted: Error[] = [];
  const controller = { abort: (reason: Error) => aborted.push(reason) } as unknown as Dispatcher.DispatchController;
  const restarting = {
    dispatch(_options: unknown, handler: Dispatcher.DispatchHandler) {
      handler.onRequestStart?.(controller, null);
      handler.onRequestStart?.(controller, null);
      handler.onResponseError?.(controller, new Error('aborted'));
      return true;
    },
  } as unknown as Dispatcher;
  const limits = { timeoutMs: 1000, bodyBytesMax: 1000 };
  const reply = await exchange(restarting, { method: 'POST', path: '/' }, limits, patient);
  expect(aborted).toHaveLength(1);
  expect(reply).toMatchObject({ kind: 'silence', mayHaveLeft: true });
});

describe('the remark names the cause and the code, never host or key', () => {
  test.each([
    ['ENOTFOUND', /^DNS: .*\(ENOTFOUND\)$/],
    ['EAI_AGAIN', /^DNS/],
    ['ECONNREFUSED', /^connection refused/],
    ['EHOSTUNREACH', /^network unreachable/],
    ['UND_ERR_CONNECT_TIMEOUT', /^timeout/],
    ['UND_ERR_HEADERS_TIMEOUT', /^timeout/],
    ['CERT_HAS_EXPIRED', /^TLS/],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', /^TLS/],
    ['ERR_TLS_CERT_ALTNAME_INVALID', /^TLS/],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', /^TLS/],
    ['ECONNRESET', /^connection lost/],
    ['HPE_INVALID_CONSTANT', /not valid HTTP/],
    ['SOMETHING_NEW', /^connection failed \(SOMETHING_NEW\)$/],
  ])('%s', (code, expected) => {
    const error = Object.assign(new Error('connect to secret-host failed with secret-key'), { code });
    expect(remarkOn(error).text).toMatch(expected);
    expect(JSON.stringify(remarkOn(error))).not.toContain('secret');
  });

  test('also for what is no error at all', () => {
    expect([undefined, null, 'text', {}, new Error('x'), { code: 5 }].map((error) => remarkOn(error).text)).toEqual(
      Array.from({ length: 6 }, () => 'connection failed'),
    );
  });
});

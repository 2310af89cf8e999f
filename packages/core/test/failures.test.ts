import { failure, failureCodes, failureTable, mayHaveBeenBilled, remark } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { lifecycles } from './jobs.ts';

describe('the failure table', () => {
  test.each(failureCodes)(
    '%s tells the person about money and what to do, unless it says that money is unknown',
    (code) => {
      const { text, billed } = failureTable[code];
      expect(text).toMatch(/\.$/);
      if (billed === 'unknown') expect(text).not.toMatch(/nothing was billed/i);
      if (billed === 'yes') expect(text).toMatch(/billed/);
    },
  );

  test('nothing that may have been billed is called retryable', () => {
    for (const code of failureCodes) {
      if (failureTable[code].billed !== 'no') expect(failureTable[code].retryable).toBe(false);
    }
  });

  test("no provider failure blames the client's own key", () => {
    for (const code of failureCodes.filter((name) => name.startsWith('provider_'))) {
      for (const status of Object.values(failureTable[code].httpStatus)) expect([401, 403]).not.toContain(status);
    }
  });

  test('has the codes of the public contract, and no other', () => {
    expect(failureCodes.toSorted()).toEqual(
      [
        'invalid_request',
        'model_not_found',
        'provider_auth_failed',
        'provider_out_of_credits',
        'provider_account_unverified',
        'provider_forbidden',
        'provider_rate_limited',
        'provider_unavailable',
        'provider_error',
        'content_rejected',
        'submission_unknown',
        'generation_timeout',
        'artifact_unavailable',
        'artifact_invalid',
        'hold_expired',
        'cancelled',
        'budget_exceeded',
        'internal_error',
      ].toSorted(),
    );
  });
});

test('a failure takes words and money from the table unless more is known', () => {
  expect(failure('provider_error')).toEqual({
    code: 'provider_error',
    message: failureTable.provider_error.text,
    billed: 'no',
    evidence: null,
  });
  expect(
    failure('provider_error', { billed: 'unknown', told: remark('x', 'failure_generation_forgotten') }),
  ).toMatchObject({
    billed: 'unknown',
    message: 'x',
  });
});

test('an attempt that may have been billed needs consent before the next', () => {
  expect(mayHaveBeenBilled(lifecycles.failed)).toBe(false);
  expect(mayHaveBeenBilled({ ...lifecycles.failed, failure: failure('generation_timeout') })).toBe(true);
  expect(mayHaveBeenBilled({ ...lifecycles.cancelled, billed: 'yes' })).toBe(true);
});

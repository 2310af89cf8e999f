import { failure, type ProviderEvidence } from '@video-proxy/core';
import { expect, vi } from 'vitest';
import type { Story } from './story.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

const evidence: ProviderEvidence = {
  name: 'aimlapi',
  statusCode: 429,
  requestId: 'request-of-an-earlier-run',
  path: '/v2/video/generations',
  timestamp: null,
  kind: null,
  message: 'Too Many Requests',
  clientRequestId: null,
};

const ago = (ms: number) => Date.now() - ms;
const stepOf = ({ id }: { readonly id: string }) => ({ jobId: id, attempt: 1 });

/** What takes minutes or hours has begun in an earlier run of the service: its records are there when this one begins. */
export const leftBehind: readonly Story[] = [
  {
    title: 'a generation that takes too long, and a recheck that brings nothing new',
    lines: { 'req-overdue': ['deadline_passed', 'recheck_requested', 'recheck_ended'] },
    says: { deadline_passed: { state: 'failed', code: 'generation_timeout' } },
    async play(stage) {
      const generationId = await stage.generate('never');
      const generating = { state: 'generating', submittedAtMs: ago(31 * minuteMs), generationId, usage: null } as const;
      const job = await stage.leave('req-overdue', generating);
      await stage.steps.add('poll', stepOf(job));
      await stage.untilLine('deadline_passed', job);
      await stage.order(`/ops/api/jobs/${job.id}/recheck`);
    },
  },
  {
    title: 'a generation that the provider does not know any more',
    lines: { 'req-forgotten': ['poll_not_found', 'generation_not_found'] },
    says: { generation_not_found: { state: 'failed', code: 'provider_error', provider: { statusCode: 404 } } },
    async play(stage) {
      const lost = { submittedAtMs: ago(3 * minuteMs), generationId: 'generation-that-is-gone', usage: null };
      const job = await stage.leave('req-forgotten', { state: 'generating', ...lost });
      // The pauses between polls are not waited for.
      await vi.waitFor(async () => {
        await stage.steps.hasten('poll', stepOf(job));
        expect(stage.linesOf('req-forgotten').map(({ event }) => event)).toContain('generation_not_found');
      }, stage.patience);
    },
  },
  {
    title: 'the end of the day for which a failed job is watched',
    lines: { 'req-watched': ['watch_ended'] },
    says: { watch_ended: { state: 'failed', code: 'generation_timeout' } },
    async play(stage) {
      const generationId = await stage.generate('never');
      const job = await stage.leave('req-watched', {
        state: 'failed',
        submittedAtMs: ago(24 * hourMs),
        generationId,
        usage: null,
        failure: failure('generation_timeout'),
        endedAtMs: ago(23 * hourMs),
        watchedUntilMs: ago(1),
      });
      await stage.steps.add('poll', stepOf(job));
    },
  },
  {
    title: 'a lost request that the log of the provider does not show',
    lines: { 'req-unknown': ['submission_not_found'] },
    says: { submission_not_found: { state: 'failed', code: 'submission_unknown' } },
    async play(stage) {
      const lost = { state: 'submission_unknown', submittedAtMs: ago(11 * minuteMs), evidence: null } as const;
      await stage.steps.add('poll', stepOf(await stage.leave('req-unknown', lost)));
    },
  },
  {
    title: 'a job that was put off for longer than it may wait',
    lines: { 'req-waiting': ['hold_expired'] },
    says: {
      hold_expired: {
        state: 'failed',
        code: 'hold_expired',
        providerRequestId: evidence.requestId,
        provider: evidence,
      },
    },
    async play(stage) {
      const queuedAtMs = ago(16 * minuteMs);
      const again = { sinceMs: queuedAtMs, untilMs: ago(1), evidence };
      const deferral = { code: 'provider_rate_limited', message: 'turned away', ...again } as const;
      const job = await stage.leave('req-waiting', { state: 'queued', queuedAtMs, deferral });
      await stage.steps.add('submit', stepOf(job));
    },
  },
];

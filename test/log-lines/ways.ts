import { expect } from 'vitest';
import type { Story } from './story.ts';

const taken = ['created', 'submit_started', 'submit_accepted'] as const;
const fetched = ['generation_succeeded', 'artifact_stored'] as const;
const refused = ['submit_started', 'submit_accepted', 'generation_failed'] as const;
const finding = expect.any(String);

/** The ways of jobs from their request to their end. */
export const ways: readonly Story[] = [
  {
    title: 'a video that is made and told of, and told of once more by order',
    lines: { 'req-made': [...taken, ...fetched, 'webhook_delivered', 'webhook_resend_requested', 'webhook_delivered'] },
    says: { submit_accepted: { state: 'generating' }, artifact_stored: { state: 'completed' } },
    async play({ create, order, untilLine, receivers }) {
      const requestId = 'req-made';
      await create(requestId, '', { webhook_url: receivers.taking.url });
      const { deliveryId } = await untilLine('webhook_delivered', { requestId });
      await order(`/ops/api/deliveries/${deliveryId}/resend`);
    },
  },
  {
    title: 'a receiver that takes a webhook at the second try',
    lines: { 'req-not-taken': [...taken, ...fetched, 'webhook_not_taken', 'webhook_delivered'] },
    says: { webhook_not_taken: { finding, triesLeft: expect.any(Number) } },
    async play({ create, receivers }) {
      await create('req-not-taken', '', { webhook_url: receivers.hesitant.url });
    },
  },
  {
    title: 'a verdict, a receiver that turns itself off, and another attempt',
    lines: {
      'req-verdict': [
        'created',
        ...refused,
        'webhook_failed',
        'receiver_off',
        'retry_requested',
        ...refused,
        'webhook_off',
      ],
    },
    says: { generation_failed: { state: 'failed', code: 'content_rejected' } },
    async play({ create, order, untilLine, receivers }) {
      const requestId = 'req-verdict';
      const { id } = await create(requestId, '[sandbox:moderation]', { webhook_url: receivers.gone.url });
      await untilLine('receiver_off', { requestId });
      await order(`/v1/jobs/${id}/retry`, 'POST', { confirm_cost: true });
    },
  },
  {
    title: 'a failure, and the deletion of its job',
    lines: { 'req-failed': ['created', ...refused, 'deleted'] },
    says: { generation_failed: { state: 'failed', code: 'provider_error' } },
    async play({ create, order, untilLine }) {
      const requestId = 'req-failed';
      const { id } = await create(requestId, '[sandbox:fails]');
      await untilLine('generation_failed', { requestId });
      await order(`/v1/jobs/${id}`, 'DELETE');
    },
  },
  {
    title: 'a request that the provider refuses',
    lines: { 'req-refused': ['created', 'submit_started', 'submit_refused'] },
    says: { submit_refused: { state: 'failed', code: 'content_rejected', provider: { statusCode: 400 } } },
    async play({ create }) {
      await create('req-refused', '[sandbox:refused-content]');
    },
  },
  {
    title: 'a request that is turned away, and sent again',
    lines: { 'req-deferred': ['created', 'submit_started', 'submit_deferred', ...taken.slice(1), ...fetched] },
    says: { submit_deferred: { code: 'provider_rate_limited', state: 'queued' } },
    async play({ create }) {
      await create('req-deferred', '[sandbox:rate-limited=1]');
    },
  },
  {
    title: 'a request whose answer is lost, and found in the log of the provider',
    lines: { 'req-lost': ['created', 'submit_started', 'submit_lost', 'submit_accepted', ...fetched] },
    async play({ create }) {
      await create('req-lost', '[sandbox:lost-answer]');
    },
  },
  {
    title: 'polls that fail, and have answers again',
    lines: { 'req-recovered': [...taken, 'poll_unavailable', 'poll_recovered'] },
    async play({ create }) {
      await create('req-recovered', '[sandbox:poll-unavailable=1 never]');
    },
  },
  {
    title: 'a generation that is finished before its file has an address',
    lines: { 'req-without-file': [...taken, 'poll_succeeded_without_file', ...fetched] },
    async play({ create }) {
      await create('req-without-file', '[sandbox:video-late=1]');
    },
  },
  {
    title: 'a download that succeeds at the second try',
    lines: { 'req-download': [...taken, 'generation_succeeded', 'download_trouble', 'artifact_stored'] },
    says: { download_trouble: { finding, state: 'storing' } },
    async play({ create }) {
      await create('req-download', '[sandbox:file-unavailable=1]');
    },
  },
  {
    title: 'a file that is no video',
    lines: { 'req-page': [...taken, 'generation_succeeded', 'artifact_finding', 'artifact_failed'] },
    says: { artifact_finding: { finding, keptAs: expect.stringMatching(/^rejected\/video_/) } },
    async play({ create }) {
      await create('req-page', '[sandbox:file-html]');
    },
  },
];

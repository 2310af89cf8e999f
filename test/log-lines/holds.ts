import { expect } from 'vitest';
import type { Story } from './story.ts';

const someId = expect.stringMatching(/^[\w-]{10,}$/);
const account = { scope: expect.stringMatching(/^account:/), code: 'provider_auth_failed' };

/** What concerns everybody: one after the other, because each would disturb the others. */
export const holds: readonly Story[] = [
  {
    title: 'a pause of the operators, in which a job is cancelled over /mcp',
    lines: { 'req-cancelled': ['created', 'cancel_requested'] },
    everybody: ['pause_ordered', 'pause_ended'],
    says: {
      pause_ordered: { by: expect.any(String), untilMs: null, requestId: someId },
      pause_ended: { by: expect.any(String), requestId: someId },
    },
    async play({ api, create, order }) {
      await order('/ops/api/dispatch/pause', 'POST', { reason: 'maintenance' });
      const { id } = await create('req-cancelled');
      const params = { name: 'cancel_video_job', arguments: { id } };
      await order('/mcp', 'POST', { jsonrpc: '2.0', id: 1, method: 'tools/call', params });
      await api.process.waitForLine(new RegExp(`"route":"/mcp".*"jobId":"${id}"`));
      await order('/ops/api/dispatch/resume');
    },
  },
  {
    title: 'an account that is refused to a poll and to a trial, is asked about, and accepted again',
    lines: {
      'req-polled': [
        'created',
        'submit_started',
        'submit_accepted',
        'poll_refused',
        'generation_succeeded',
        'artifact_stored',
      ],
      'req-trial': ['created', 'submit_started', 'submit_refused'],
      'req-next': ['created', 'submit_started', 'submit_accepted', 'generation_succeeded', 'artifact_stored'],
    },
    everybody: [
      'hold_began',
      'credential_refused',
      'credential_accepted',
      'trial_refused',
      'probe_unanswered',
      'credential_unchecked',
      'hold_ended',
    ],
    says: {
      submit_refused: { code: 'provider_auth_failed' },
      hold_began: { ...account, providerRequestId: someId },
      trial_refused: { ...account, tries: 1, providerRequestId: someId },
      hold_ended: account,
      credential_refused: { credential: 'rejected', providerRequestId: someId },
      credential_accepted: { credential: 'ok', lastRefusal: { requestId: someId } },
      credential_unchecked: { credential: 'unchecked', lastRefusal: { requestId: someId } },
      probe_unanswered: { providerRequestId: someId, provider: { statusCode: 403 } },
    },
    async play({ create, mark, untilLine, sandbox: { control } }) {
      const fromHere = mark();
      await create('req-polled', '[sandbox:poll-rejected-key=1]');
      await untilLine('artifact_stored', { requestId: 'req-polled' });
      await untilLine('credential_accepted', fromHere);
      control.script('create', 'rejected-key', 1);
      // From now on the free question tells nothing: only the next trial will.
      control.script('billing', 'forbidden', 1_000);
      await create('req-trial');
      await untilLine('credential_unchecked', fromHere);
      await create('req-next');
    },
  },
  {
    title: 'a worker after one that died during a trial, which can neither sign nor keep files',
    lines: {
      'req-unsigned': ['created', 'submit_started', 'submit_accepted', 'generation_failed', 'webhook_unsigned'],
      'req-no-room': ['created', 'submit_started', 'submit_accepted', 'generation_succeeded', 'storage_unavailable'],
    },
    everybody: ['trial_abandoned'],
    says: {
      trial_abandoned: { worker: 'worker-that-died' },
      storage_unavailable: { state: 'storing', finding: expect.any(String) },
    },
    async play({ create, ledger, replaceWorker, receivers }) {
      const nowMs = Date.now();
      const trial = { holder: 'trial-of-the-dead', worker: 'worker-that-died', untilMs: nowMs + 600_000 };
      expect(await ledger.holds.takeTrial(trial, nowMs)).toBe(true);
      await replaceWorker({ WEBHOOK_SECRET: '', STORAGE_URL: `${import.meta.url}/a-file-is-in-the-way` });
      await create('req-unsigned', '[sandbox:fails]', { webhook_url: receivers.taking.url });
      await create('req-no-room');
    },
  },
];

import type { VideoJobWire } from '@video-proxy/contracts';
import { type Billed, failureTable, type Lifecycle } from '@video-proxy/core';
import { presentEvidence, presentSaid } from './evidence.ts';

/** Why a job has no video, or null while it may still get one. */
export function presentError(lifecycle: Lifecycle): VideoJobWire['error'] {
  switch (lifecycle.state) {
    case 'failed': {
      const { code, message, said, billed, evidence } = lifecycle.failure;
      // "Try again" must never be read off a job that may have cost money already.
      const retryable = failureTable[code].retryable && billed === 'no';
      return { code, message, said: presentSaid(said), retryable, billed, provider: presentEvidence(evidence) };
    }
    case 'cancelled':
      return {
        code: 'cancelled',
        message: `${failureTable.cancelled.text} ${moneyAfterCancel[lifecycle.billed]}`,
        said: null,
        retryable: lifecycle.billed === 'no',
        billed: lifecycle.billed,
        provider: null,
      };
    case 'queued':
    case 'submitting':
    case 'submission_unknown':
    case 'generating':
    case 'storing':
    case 'cancelling':
    case 'completed':
      return null;
  }
}

const moneyAfterCancel: Record<Billed, string> = {
  no: 'Nothing was billed.',
  yes: 'The provider had already made the video, and billed it.',
  unknown: 'It had already been sent to the provider and may be billed.',
};

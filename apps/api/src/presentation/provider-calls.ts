import type { OperatorJobWhole } from '@video-proxy/contracts';
import { clientRequestIdOf, type ProviderEvidence, type VideoJob } from '@video-proxy/core';
import type { RecordedEvent } from '@video-proxy/ledger';
import { presentSaid } from './evidence.ts';
import { unixSeconds } from './view.ts';

type ProviderCall = OperatorJobWhole['provider_calls'][number];

/** An event of the history with the attempt it belongs to. */
export interface EventOfAttempt {
  readonly event: RecordedEvent;
  readonly attempt: number;
}

/** A long history has lost its beginning, so attempts are counted from the end. */
export function eventsByAttempt(job: Pick<VideoJob, 'attempt'>, events: readonly RecordedEvent[]): EventOfAttempt[] {
  const isRetry = ({ type }: RecordedEvent) => type === 'retry_requested';
  let attempt = job.attempt - events.filter(isRetry).length;
  return events.map((event) => {
    if (isRetry(event)) attempt += 1;
    return { event, attempt };
  });
}

/** Every answer of the provider that the history has: what it said in words, or that it took or had made something. */
export function providerCallsOf(job: Pick<VideoJob, 'id'>, events: readonly EventOfAttempt[]): ProviderCall[] {
  return events.flatMap(({ event, attempt }, index) => {
    const before = events[index - 1]?.event.state ?? event.state;
    const call = callOf(event, before);
    if (call === null) return [];
    const evidence = evidenceOf(event);
    return [
      {
        event_id: event.id,
        at: unixSeconds(event.atMs),
        attempt,
        call,
        event: event.type,
        status_code: evidence?.statusCode ?? null,
        request_id: evidence?.requestId ?? null,
        client_request_id: evidence?.clientRequestId ?? clientRequestIdOf({ id: job.id, attempt }),
        path: evidence?.path ?? null,
        timestamp: evidence?.timestamp ?? null,
        kind: evidence?.kind ?? null,
        message: evidence?.message ?? null,
        said: presentSaid(evidence?.said),
      },
    ];
  });
}

/** Which call an event came from, by its type and the state before it; null for what happened here. */
function callOf({ type }: RecordedEvent, before: RecordedEvent['state']): ProviderCall['call'] | null {
  switch (type) {
    case 'submit_accepted':
    case 'submit_refused':
      return before === 'submission_unknown' ? 'lookup' : 'create';
    case 'submit_deferred':
      // Put off before it was sent: a file that it needs could not be read.
      return before === 'queued' ? null : 'create';
    case 'submit_lost':
      return 'create';
    case 'submission_not_found':
      return 'lookup';
    case 'generation_succeeded':
    case 'generation_failed':
    case 'generation_not_found':
      return 'poll';
    case 'artifact_failed':
    case 'artifact_finding':
      return 'download';
    default:
      if (!type.startsWith('poll_') || type === 'poll_recovered') return null;
      return before === 'submission_unknown' ? 'lookup' : 'poll';
  }
}

/** Where events keep what the provider said: by themselves, in a failure, or in a hold. */
interface Evident {
  readonly evidence?: ProviderEvidence | null;
  readonly failure?: { readonly evidence?: ProviderEvidence | null };
  readonly hold?: { readonly evidence?: ProviderEvidence | null };
}

function evidenceOf({ details }: RecordedEvent): ProviderEvidence | null {
  // The ledger has written these details from the events of core.
  const { evidence, failure, hold } = details as unknown as Evident;
  return evidence ?? failure?.evidence ?? hold?.evidence ?? null;
}

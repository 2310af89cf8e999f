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

/** Every answer of the provider that led to a line of the history. Of a good one there is the request id alone. */
export function providerCallsOf(job: Pick<VideoJob, 'id'>, events: readonly EventOfAttempt[]): ProviderCall[] {
  return events.flatMap(({ event, attempt }, index) => {
    const before = events[index - 1]?.event.state ?? event.state;
    const call = callOf(event, before);
    if (call === null) return [];
    const { evidence, requestId } = answerIn(event);
    return [
      {
        event_id: event.id,
        at: unixSeconds(event.atMs),
        attempt,
        call,
        event: event.type,
        status_code: evidence?.statusCode ?? null,
        request_id: requestId,
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
    case 'deadline_passed':
    case 'recheck_ended':
    case 'watch_ended':
      return 'poll';
    case 'artifact_failed':
    case 'artifact_finding':
      return 'download';
    default:
      if (!type.startsWith('poll_')) return null;
      return before === 'submission_unknown' ? 'lookup' : 'poll';
  }
}

/** Where events keep what the provider said: by themselves, in a failure, or in a hold; and how it named a good answer. */
interface Evident {
  readonly providerRequestId?: string;
  readonly evidence?: ProviderEvidence | null;
  readonly failure?: { readonly evidence?: ProviderEvidence | null };
  readonly hold?: { readonly evidence?: ProviderEvidence | null };
}

function answerIn({ details }: RecordedEvent): { evidence: ProviderEvidence | null; requestId: string | null } {
  // The ledger has written these details from the events of core.
  const { providerRequestId, ...said } = details as unknown as Evident;
  const evidence = said.evidence ?? said.failure?.evidence ?? said.hold?.evidence ?? null;
  return { evidence, requestId: evidence?.requestId ?? providerRequestId ?? null };
}

import type { OperatorJobWhole, VideoJobWire } from '@video-proxy/contracts';
import {
  clientRequestIdOf,
  isOrderable,
  isTerminal,
  type JobOrder,
  mayHaveBeenBilled,
  watchedUntilMsOf,
} from '@video-proxy/core';
import { failureGroupIdOf } from '@video-proxy/ledger';
import type { InspectedFile, Inspection } from '../video-jobs/index.ts';
import { attemptsOf, timingsOf } from './attempts.ts';
import { presentDelivery } from './delivery.ts';
import { presentHistory } from './history.ts';
import { eventsByAttempt, providerCallsOf } from './provider-calls.ts';
import { unixSeconds } from './view.ts';

/** Everything that is written down about a job, for operators. `wire` is the job as its owner sees it. */
export function presentWholeJob(
  { job, events, steps, files, deliveries }: Inspection,
  wire: VideoJobWire,
  nowMs: number,
): OperatorJobWhole {
  const watchedUntilMs = watchedUntilMsOf(job.lifecycle);
  const recorded = eventsByAttempt(job, events);
  const calls = providerCallsOf(job, recorded);
  const attempts = attemptsOf(job, recorded);
  const can = (order: JobOrder) => isOrderable(job, order, nowMs);
  return {
    job: wire,
    owner: job.owner,
    watched_until: watchedUntilMs === null ? null : unixSeconds(watchedUntilMs),
    events: presentHistory(events),
    failure_group: failureGroupIdOf(job),
    provider_calls: calls,
    attempts,
    timings: timingsOf(recorded),
    request_ids: requestIdsOf(job, calls, attempts),
    steps: steps.map(({ step, state, dueMs, trouble }) => ({
      step,
      state,
      due_at: dueMs === null ? null : unixSeconds(dueMs),
      trouble,
    })),
    files: files.map((file) => presentFile(file, wire)),
    deliveries: deliveries.map(presentDelivery),
    actions: {
      retry: can('retry'),
      recheck: can('recheck'),
      cancel: can('cancel'),
      delete: can('delete'),
      needs_confirmation: isTerminal(job.lifecycle.state) && mayHaveBeenBilled(job.lifecycle),
    },
  };
}

type RequestId = OperatorJobWhole['request_ids'][number];

/** Everything by which this job may be asked for here or at the provider, each once. */
function requestIdsOf(
  job: Inspection['job'],
  calls: OperatorJobWhole['provider_calls'],
  attempts: OperatorJobWhole['attempts'],
): RequestId[] {
  const ids: RequestId[] = [{ kind: 'request', id: job.requestId, attempt: null }];
  for (const { number, generation_id } of attempts) {
    ids.push({ kind: 'client_request', id: clientRequestIdOf({ id: job.id, attempt: number }), attempt: number });
    if (generation_id !== null) ids.push({ kind: 'generation', id: generation_id, attempt: number });
  }
  for (const { request_id, attempt } of calls) {
    const isKnown = ids.some(({ kind, id }) => kind === 'provider_request' && id === request_id);
    if (request_id !== null && !isKnown) ids.push({ kind: 'provider_request', id: request_id, attempt });
  }
  return ids;
}

function presentFile(
  { kind, id, storageKey, contentType, sizeBytes, present }: InspectedFile,
  { links }: VideoJobWire,
): OperatorJobWhole['files'][number] {
  return {
    kind,
    id,
    storage_key: storageKey,
    content_type: contentType,
    bytes: sizeBytes,
    present,
    // The watch page's address of the file needs no client key.
    url:
      present === true && kind !== 'input' ? `${links.watch}/${kind === 'video' ? 'video.mp4' : 'poster.jpg'}` : null,
  };
}

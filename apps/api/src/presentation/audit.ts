import type { AuditEntryWire } from '@video-proxy/contracts';
import { generationIdOf, type JsonObject, mayHaveBeenBilled, publicStatusOf, type VideoJob } from '@video-proxy/core';
import type { AuditRecord } from '@video-proxy/ledger';
import { presentSaid } from './evidence.ts';
import { unixSeconds } from './view.ts';

export function presentAuditEntry(entry: AuditRecord & { readonly id: string }): AuditEntryWire {
  const { atMs, finishedAtMs, requestId, said, ...told } = entry;
  return {
    ...told,
    said: presentSaid(said),
    at: unixSeconds(atMs),
    request_id: requestId,
    finished_at: finishedAtMs === null ? null : unixSeconds(finishedAtMs),
  };
}

/** What an order may change about a job, without what only its owner should read. */
export function auditedJob({ lifecycle, attempt, owner, model }: VideoJob): JsonObject {
  return {
    status: publicStatusOf(lifecycle.state),
    phase: lifecycle.state,
    attempt,
    owner,
    model,
    code: lifecycle.state === 'failed' ? lifecycle.failure.code : null,
    maybe_billed: 'endedAtMs' in lifecycle ? mayHaveBeenBilled(lifecycle) : null,
    generation_id: generationIdOf(lifecycle),
  };
}

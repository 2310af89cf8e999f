import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { JsonObject, JsonValue, VideoJob } from '@video-proxy/core';
import { notAdmitted } from '../admission.ts';
import { type Asker, ownerOf } from '../asker.ts';
import { keepsInputs, useInputs } from '../input-files/index.ts';
import { type Problem, problem } from '../problem.ts';
import type { VideoJobParts } from './parts.ts';
import { oversized } from './size-limits.ts';
import { unknownModel } from './unknown-model.ts';
import { callForTurn } from './wake-worker.ts';
import { newWatchSecret } from './watch-secret.ts';
import { webhookUrlOf } from './webhook-url.ts';

/** What a surface makes of a create request in its dialect. */
export interface NewVideoJob {
  readonly model: string;
  readonly prompt: string | null;
  readonly parameters: JsonObject;
  readonly metadata: JsonObject;
  /** Who is told when the job has ended, where the dialect has a word for it. */
  readonly webhookUrl?: string | null;
}

export interface CreateContext {
  readonly asker: Asker;
  readonly requestId: string;
  /** The caller's word that two requests are one; null when it gave none. */
  readonly idempotencyKey: string | null;
}

export type CreateOutcome =
  | { readonly kind: 'created'; readonly job: VideoJob }
  /** The same request came before: this is its job, as it is now. */
  | { readonly kind: 'replayed'; readonly job: VideoJob }
  | { readonly kind: 'refused'; readonly problem: Problem };

/**
 * Takes a request in. Once the ledger has the job it is accepted, whatever happens to this process afterwards: a submit
 * step that could not be added is brought back by reconcile.
 */
export async function createVideoJob(
  parts: VideoJobParts,
  wanted: NewVideoJob,
  context: CreateContext,
): Promise<CreateOutcome> {
  const checked = checkedRequest(parts, wanted, context.asker);
  if ('code' in checked) return { kind: 'refused', problem: checked };
  const idempotency = idempotencyOf(wanted, context);
  const closed = notAdmitted(parts);
  if (closed !== null)
    return (await earlier(parts, context.asker, idempotency)) ?? { kind: 'refused', problem: closed };
  if (keepsInputs(checked.parameters)) {
    const before = await earlier(parts, context.asker, idempotency);
    if (before !== null) return before;
  }
  const used = await useInputs(parts.inputFiles, context.asker, checked.parameters);
  if (used.kind === 'refused') return used;
  const job = newVideoJob(parts, { ...wanted, ...checked, parameters: used.parameters }, context);
  const written = await write(parts, job, idempotency);
  if (written === null) return { kind: 'refused', problem: interrupted };
  switch (written.kind) {
    case 'conflict':
      return { kind: 'refused', problem: conflictWith(written.jobId) };
    case 'replayed':
      return { kind: 'replayed', job: written.job };
    case 'created':
      callForTurn(parts, written.job);
      return { kind: 'created', job: written.job };
  }
}

/** A request that was accepted before and is repeated asks for nothing new: it is answered also while nothing is taken in. */
async function earlier(
  { ledger }: Pick<VideoJobParts, 'ledger'>,
  asker: Asker,
  idempotency: Idempotency,
): Promise<CreateOutcome | null> {
  if (idempotency === null) return null;
  const found = await ledger.jobs.findCreated(ownerOf(asker), idempotency);
  if (found === null) return null;
  return found.kind === 'replayed' ? found : { kind: 'refused', problem: conflictWith(found.jobId) };
}

/** The job that the same request made before, if there is one; creates nothing. */
export async function findCreatedVideoJob(
  parts: Pick<VideoJobParts, 'ledger'>,
  wanted: NewVideoJob,
  context: CreateContext,
): Promise<VideoJob | null> {
  const found = await earlier(parts, context.asker, idempotencyOf(wanted, context));
  return found?.kind === 'replayed' ? found.job : null;
}

type Checked = Pick<NewVideoJob, 'model' | 'prompt' | 'parameters'> & { readonly webhook: { webhookUrl?: string } };

function checkedRequest({ catalog, webhooks }: VideoJobParts, wanted: NewVideoJob, asker: Asker): Checked | Problem {
  const model = catalog.find(wanted.model);
  if (model === null) return unknownModel(catalog, wanted.model);
  const tooLarge = oversized(wanted.parameters, wanted.metadata);
  if (tooLarge !== null) return tooLarge;
  const webhookUrl = webhookUrlOf(webhooks, asker, wanted.webhookUrl ?? null);
  if (typeof webhookUrl === 'object') return webhookUrl;
  const webhook = webhookUrl === undefined ? {} : { webhookUrl };
  const result = catalog.check(model, wanted);
  if (result.kind === 'valid')
    return { model: model.id, prompt: result.prompt, parameters: result.parameters, webhook };
  const [first] = result.issues;
  return problem('invalid_request', result.issues.map(({ message }) => `${message}.`).join(' '), first?.param ?? null);
}

function newVideoJob(
  { now, newVideoJobId, provider }: VideoJobParts,
  { model, prompt, parameters, metadata, webhook }: NewVideoJob & Checked,
  { asker, requestId }: CreateContext,
): VideoJob {
  const nowMs = now();
  return {
    id: newVideoJobId(nowMs),
    owner: ownerOf(asker),
    provider,
    model,
    prompt,
    parameters,
    metadata,
    watchSecret: newWatchSecret(),
    requestId,
    ...webhook,
    createdAtMs: nowMs,
    attempt: 1,
    lifecycle: { state: 'queued', queuedAtMs: nowMs, deferral: null },
  };
}

type Idempotency = { readonly key: string; readonly fingerprint: string } | null;

/** The fingerprint is of the request as it was sent, so that a catalog that changes between two tries makes no conflict. */
function idempotencyOf(
  { model, prompt, parameters, metadata, webhookUrl }: NewVideoJob,
  { idempotencyKey }: CreateContext,
): Idempotency {
  if (idempotencyKey === null) return null;
  const webhook = typeof webhookUrl === 'string' ? { webhookUrl } : {};
  const body = canonicalJson({ model, prompt, parameters, metadata, ...webhook });
  return { key: idempotencyKey, fingerprint: createHash('sha256').update(body).digest('hex') };
}

/** JSON with sorted keys: the same request, whatever order a client's serializer chose. */
function canonicalJson(value: JsonValue): string {
  return JSON.stringify(value, (_key, inner: JsonValue) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

function conflictWith(jobId: string): Problem {
  const text = `This Idempotency-Key was used for another request (${jobId}). Use a new key for a new video.`;
  return problem('idempotency_conflict', text, 'Idempotency-Key');
}

const interrupted = problem(
  'create_interrupted',
  'The job store did not answer, so this request is withdrawn in case it arrived. Send it again in a few seconds, best with an Idempotency-Key.',
);

/**
 * Writes the job, or null when Redis did not say whether it has it. The caller hears "no" then and will send the request
 * again, so the job is withdrawn in case it was written after all. With an idempotency key the repeat finds that very job,
 * and withdrawing it would be wrong.
 */
async function write(parts: VideoJobParts, job: VideoJob, idempotency: Idempotency) {
  try {
    return await parts.ledger.jobs.create(job, idempotency);
  } catch (error) {
    if (idempotency !== null || !parts.isUnavailable(error)) throw error;
    parts.log.warn(
      { err: error, jobId: job.id, requestId: job.requestId },
      'the ledger did not confirm a new job: withdrawing it',
    );
    void withdraw(parts, job);
    return null;
  }
}

const withdrawPauseMs = 1_000;
const withdrawTriesMax = 120;

async function withdraw({ ledger, now, log }: VideoJobParts, { id, requestId }: VideoJob): Promise<void> {
  for (let tries = 0; tries < withdrawTriesMax; tries += 1) {
    await pause(withdrawPauseMs, undefined, { ref: false });
    try {
      await ledger.jobs.apply(id, { type: 'cancel_requested' }, now());
      return;
    } catch {
      // Redis is still away; the next try follows.
    }
  }
  log.error({ jobId: id, requestId }, 'a job that was answered with 503 could not be withdrawn');
}

import { createHash } from 'node:crypto';
import type { VideoJobWire } from '@video-proxy/contracts';

/** What is known of one wish when everything is over. */
export interface Outcome {
  readonly idempotencyKey: string;
  readonly ids: readonly string[];
  /** As the API shows it at the end; null when it shows nothing. */
  readonly job: VideoJobWire | null;
  /** The bytes behind `video.url`; null without a video. */
  readonly file: Uint8Array | null;
}

/** What the provider counted for one create request id, which names a job and its attempt. */
export interface Creates {
  readonly received: number;
  readonly accepted: number;
}

export interface Observations {
  readonly outcomes: readonly Outcome[];
  /** All jobs that the API lists for the owners. */
  readonly listedIds: readonly string[];
  readonly createsByRequestId: ReadonlyMap<string, Creates>;
  /** Client request ids of generations that the provider completed, and so charged. */
  readonly chargedRequestIds: ReadonlySet<string>;
  /** By job, the types of the webhooks that its receiver took; null without receivers. */
  readonly told: ReadonlyMap<string, ReadonlySet<string>> | null;
  readonly answersByStatus: ReadonlyMap<number, number>;
  readonly logLines: readonly string[];
  readonly secrets: readonly string[];
}

/** Every rule that is broken, with what breaks it. None is what a run is for. */
export function brokenRules(seen: Observations): string[] {
  return [
    ...seen.outcomes.flatMap((outcome) => brokenByOutcome(outcome, seen)),
    ...brokenByCreates(seen),
    ...brokenByList(seen),
    ...brokenByAnswers(seen),
    ...brokenByLogs(seen),
  ];
}

function brokenByOutcome({ idempotencyKey, ids, job, file }: Outcome, seen: Observations): string[] {
  if (ids.length > 1) return [`one request became ${ids.length} jobs: ${ids.join(', ')}`];
  const [id] = ids;
  if (id === undefined) return [`a request was never accepted: ${idempotencyKey}`];
  if (job === null) return [`a job that was accepted is lost: ${id}`];
  if (job.status !== 'completed' && job.status !== 'failed') return [`a job has not ended: ${id} is ${job.phase}`];
  const untold = wasTold(seen.told, job) ? [] : [`nobody was told how a job ended: ${id} is ${job.status}`];
  return [...brokenByEnd(job), ...brokenByFile(job, file), ...brokenByMoney(job, seen), ...untold];
}

/** Whether the receiver has been told of the end that the job came to. */
export function wasTold(told: Observations['told'], job: VideoJobWire | null): boolean {
  return told === null || job === null || (told.get(job.id)?.has(`video.${job.status}`) ?? false);
}

function brokenByEnd({ id, status, video, error }: VideoJobWire): string[] {
  if (status === 'completed') return video === null ? [`a completed job has no video: ${id}`] : [];
  return error === null ? [`a failed job gives no reason: ${id}`] : [];
}

function brokenByFile({ id, video }: VideoJobWire, file: Uint8Array | null): string[] {
  if (video === null) return [];
  if (file === null) return [`the file of a job cannot be read: ${id}`];
  const whole = file.byteLength === video.bytes && createHash('sha256').update(file).digest('hex') === video.sha256;
  return whole ? [] : [`the file of a job is not the one that was verified: ${id}`];
}

/** The last attempt is the one that `error` and `generation_id` are about. */
function brokenByMoney(job: VideoJobWire, { createsByRequestId, chargedRequestIds }: Observations): string[] {
  const requestId = `${job.id}.${job.attempt}`;
  const accepted = createsByRequestId.get(requestId)?.accepted ?? 0;
  const broken: string[] = [];
  if (job.status === 'completed' && accepted === 0) broken.push(`a completed job was never made: ${job.id}`);
  if (job.error?.code === 'submission_unknown' && accepted > 0) {
    broken.push(`a generation that the provider took was given up: ${requestId}`);
  }
  if (job.error?.billed === 'no' && chargedRequestIds.has(requestId)) {
    broken.push(`a job says that nothing was billed, and it was: ${requestId}`);
  }
  return broken;
}

function brokenByCreates({ outcomes, createsByRequestId }: Observations): string[] {
  const attempts = new Map(outcomes.flatMap(({ job }) => (job === null ? [] : [[job.id, job.attempt] as const])));
  return [...createsByRequestId].flatMap(([requestId, { accepted }]) => {
    const [, jobId = '', attempt = ''] = /^(.+)\.(\d+)$/.exec(requestId) ?? [];
    const known = attempts.get(jobId);
    if (known === undefined) return [`the provider was asked for a job that nobody has: ${requestId}`];
    if (Number(attempt) > known) return [`the provider was asked more often than the job was tried: ${requestId}`];
    return accepted > 1 ? [`a video was paid for ${accepted} times: ${requestId}`] : [];
  });
}

function brokenByList({ outcomes, listedIds }: Observations): string[] {
  const asked = new Set(outcomes.flatMap(({ ids }) => ids));
  const listed = new Set(listedIds);
  return [
    ...listedIds.filter((id) => !asked.has(id)).map((id) => `a job exists that nobody was told about: ${id}`),
    ...[...asked].filter((id) => !listed.has(id)).map((id) => `a job is missing in its owner's list: ${id}`),
  ];
}

function brokenByAnswers({ answersByStatus }: Observations): string[] {
  return [...answersByStatus]
    .filter(([status]) => status >= 500 && status !== 503)
    .map(([status, count]) => `${count} requests were answered ${status}`);
}

function brokenByLogs({ logLines, secrets }: Observations): string[] {
  const leaks = logLines.filter((line) => secrets.some((secret) => line.includes(secret)));
  return leaks.length === 0 ? [] : [`${leaks.length} log lines show a secret or a prompt`];
}

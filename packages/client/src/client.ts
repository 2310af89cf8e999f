import {
  type DeletedVideoJob,
  deletedVideoJob,
  type ModelWire,
  modelList,
  type VideoJobListWire,
  type VideoJobRequest,
  type VideoJobWire,
  videoJobList,
  videoJobWire,
} from '@video-proxy/contracts';
import { answerTimeoutMs, type ConnectionOptions, connect } from './connection.ts';
import { type Creating, createJob } from './create-job.ts';
import { type Following, followJob } from './follow-job.ts';
import { type JobToDownload, type OpeningVideo, openVideo } from './open-video.ts';

export interface Interruptible {
  readonly signal?: AbortSignal;
}

export interface Reading extends Interruptible {
  /** Up to 50: the answer waits for the end of the job, this long at most. */
  readonly waitSeconds?: number;
}

export interface JobQuery extends Interruptible {
  readonly status?: VideoJobWire['status'];
  readonly model?: string;
  readonly limit?: number;
  /** The last id of the previous page. */
  readonly after?: string;
}

export interface Retrying extends Interruptible {
  /** Yes, although the last attempt may have been billed. */
  readonly confirmCost?: boolean;
}

export interface Waiting extends Following {
  /** Told the job as it is at first, and whenever it has changed. */
  readonly onChange?: (job: VideoJobWire) => void;
}

/** A running service. Each failure is one of the classes of `errors.ts`, or the reason of the signal that was aborted. */
export interface Client {
  /** Asks for a video. Tries again when the answer was lost, and never buys a second one by that. */
  createJob(wanted: VideoJobRequest, options?: Creating): Promise<VideoJobWire>;
  readJob(id: string, options?: Reading): Promise<VideoJobWire>;
  listJobs(query?: JobQuery): Promise<VideoJobListWire>;
  cancelJob(id: string, options?: Interruptible): Promise<VideoJobWire>;
  retryJob(id: string, options?: Retrying): Promise<VideoJobWire>;
  recheckJob(id: string, options?: Interruptible): Promise<VideoJobWire>;
  deleteJob(id: string, options?: Interruptible): Promise<DeletedVideoJob>;
  listModels(options?: Interruptible): Promise<readonly ModelWire[]>;
  /** The job when it has ended, well or not: `video` or `error` says which. Lives through a restart of the service. */
  waitForJob(id: string, options?: Waiting): Promise<VideoJobWire>;
  /** The same for a loop: the job as it is, then whenever it has changed, until it has ended. */
  followJob(id: string, options?: Following): AsyncGenerator<VideoJobWire>;
  /** The file of a completed job, piece by piece. */
  openVideo(job: JobToDownload, options?: OpeningVideo): AsyncGenerator<Uint8Array>;
}

export function openClient(options: ConnectionOptions): Client {
  const connection = connect(options);
  const at = (id: string) => `/v1/jobs/${encodeURIComponent(id)}`;
  const order = (id: string, name: string, body: unknown, { signal }: Interruptible) =>
    connection.ask(videoJobWire, 'POST', `${at(id)}/${name}`, { signal, body });
  const readJob: Client['readJob'] = (id, { waitSeconds = 0, signal } = {}) =>
    connection.ask(videoJobWire, 'GET', `${at(id)}?wait_seconds=${waitSeconds}`, {
      signal,
      timeoutMs: answerTimeoutMs + waitSeconds * 1_000,
    });
  const openEvents = (id: string, lastEventId: string | null, signal: AbortSignal) =>
    connection.open('GET', `${at(id)}/events`, {
      signal,
      headers: { accept: 'text/event-stream', ...(lastEventId === null ? {} : { 'last-event-id': lastEventId }) },
    });
  const follow: Client['followJob'] = (id, following = {}) => followJob({ readJob, openEvents }, id, following);

  return {
    createJob: (wanted, creating = {}) => createJob(connection, wanted, creating),
    readJob,
    listJobs: ({ signal, ...query } = {}) =>
      connection.ask(videoJobList, 'GET', `/v1/jobs?${searchOf(query)}`, { signal }),
    cancelJob: (id, options = {}) => order(id, 'cancel', {}, options),
    retryJob: (id, { confirmCost = false, ...rest } = {}) => order(id, 'retry', { confirm_cost: confirmCost }, rest),
    recheckJob: (id, options = {}) => order(id, 'recheck', {}, options),
    deleteJob: (id, { signal } = {}) => connection.ask(deletedVideoJob, 'DELETE', at(id), { signal }),
    listModels: async ({ signal } = {}) => (await connection.ask(modelList, 'GET', '/v1/models', { signal })).data,
    waitForJob: (id, { onChange, ...following } = {}) =>
      waitForEnd((options) => follow(id, options), following, onChange),
    followJob: follow,
    openVideo: (job, opening = {}) => openVideo(connection, job, opening),
  };
}

async function waitForEnd(
  follow: (options: Following) => AsyncGenerator<VideoJobWire>,
  following: Following,
  onChange: Waiting['onChange'],
): Promise<VideoJobWire> {
  let last: VideoJobWire | null = null;
  // Nobody looks at the progress: the events say when it is over.
  const quiet = onChange === undefined ? { refreshMs: null } : {};
  for await (const job of follow({ ...quiet, ...following })) {
    onChange?.(job);
    last = job;
  }
  if (last === null) throw new Error('a followed job is read at least once');
  return last;
}

function searchOf(query: Omit<JobQuery, 'signal'>): URLSearchParams {
  const given = Object.entries(query).filter(([, value]) => value !== undefined);
  return new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
}

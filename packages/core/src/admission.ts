import type { Facts } from './said.ts';

/** What the job store carries now. */
export interface StoreLoad {
  /** Its own word for refusing writes (`READONLY`, `MISCONF`, `OOM` …); null while it takes them. */
  readonly writesRefused: string | null;
  readonly usedMemoryBytes: number | null;
  /** null: without a limit, or not told. */
  readonly memoryMaxBytes: number | null;
  readonly waitingJobs: number;
}

/** Why no new job is taken in. Work that was accepted goes on. */
export interface AdmissionRefusal {
  readonly reason: 'not_writable' | 'evicting' | 'memory' | 'queue_full';
  /** For an operator. */
  readonly finding: string;
  /** What stands in the finding. */
  readonly facts: Facts;
  /** For the person who wants a video: a sentence and when to come again. */
  readonly message: string;
  readonly retryAfterSeconds: number;
}

/** What is left above this share is for the jobs that are there: each grows by some lines of history until it ends. */
const memoryShareMax = 0.85;

const nothingHappened = 'This request was not taken in: nothing was stored and nothing was billed.';

/** Whether one more job can be accepted without putting the accepted ones at risk: null when it can. */
export function admissionRefusal(
  load: StoreLoad,
  { waitingJobsMax, evictsNow }: { readonly waitingJobsMax: number; readonly evictsNow: boolean },
): AdmissionRefusal | null {
  if (load.writesRefused !== null) {
    return {
      reason: 'not_writable',
      finding: `Redis takes no writes (${load.writesRefused}): new jobs are refused until it does`,
      facts: { word: load.writesRefused },
      message: `The job store of this service takes no writes right now. ${nothingHappened} Try again in a few seconds.`,
      retryAfterSeconds: 5,
    };
  }
  if (evictsNow) {
    return {
      reason: 'evicting',
      finding: 'Redis is evicting keys, perhaps those of jobs: new jobs are refused; set maxmemory-policy noeviction',
      facts: {},
      message: noRoom,
      retryAfterSeconds: 60,
    };
  }
  const usedPercent = memoryPercent(load);
  if (usedPercent !== null && usedPercent >= memoryShareMax * 100) {
    return {
      reason: 'memory',
      finding: `Redis uses ${usedPercent} % of its maxmemory: new jobs are refused until jobs have ended or the limit is raised`,
      facts: { percent: usedPercent },
      message: noRoom,
      retryAfterSeconds: 60,
    };
  }
  if (load.waitingJobs >= waitingJobsMax) {
    return {
      reason: 'queue_full',
      finding: `${load.waitingJobs} jobs wait to be submitted (QUEUE_DEPTH_MAX is ${waitingJobsMax}): new jobs are refused`,
      facts: { waiting_jobs: load.waitingJobs, waiting_jobs_max: waitingJobsMax },
      message: `Too many videos are waiting for their turn. ${nothingHappened} Try again in a minute.`,
      retryAfterSeconds: 60,
    };
  }
  return null;
}

const noRoom = `The job store of this service is almost full. ${nothingHappened} Try again in a minute.`;

function memoryPercent({ usedMemoryBytes, memoryMaxBytes }: StoreLoad): number | null {
  return usedMemoryBytes === null || memoryMaxBytes === null
    ? null
    : Math.floor((usedMemoryBytes / memoryMaxBytes) * 100);
}

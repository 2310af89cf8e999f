export type LineLevel = 'debug' | 'info' | 'warn' | 'error';

/** What a log has to be able to do: pino's can. */
export type EventLog = Readonly<Record<LineLevel, (fields: object, text: string) => void>>;

type Line = readonly [LineLevel, text: string];

const pollWithoutUse: Line = ['warn', 'a poll had no useful answer: asking again'];

/**
 * Every event of a job that has a line of the log of its own, by the name that stands there as `event`. What a job's history
 * says is called the same here.
 */
export const eventLines = {
  // The line of its request says so already, and a second one would cost a tenth of all creates.
  created: ['debug', 'a job was taken in'],
  submit_started: ['info', 'a create request is being sent'],
  submit_accepted: ['info', 'the provider took a job: its generation is followed'],
  submit_refused: ['warn', 'a job was refused'],
  submit_deferred: ['warn', 'a job was certainly not taken: it waits and is sent again'],
  submit_lost: ['error', 'the answer to a create request was lost: looking for it'],
  submission_not_found: ['error', 'a lost create request was not found: whether it was billed is unknown'],
  hold_expired: ['warn', 'a job waited too long because of a hold'],
  poll_unavailable: pollWithoutUse,
  poll_refused: pollWithoutUse,
  poll_not_found: pollWithoutUse,
  poll_succeeded_without_file: pollWithoutUse,
  poll_recovered: ['info', 'polls have useful answers again'],
  generation_succeeded: ['info', 'a generation is finished: its video is fetched'],
  generation_failed: ['warn', 'a generation ended without a video'],
  generation_not_found: ['warn', 'the provider does not know a generation any more'],
  deadline_passed: ['warn', 'a generation took too long: it is only looked at now and then'],
  download_trouble: ['warn', 'a download did not succeed: trying again'],
  storage_unavailable: ['error', 'a video cannot be kept: it waits until the storage takes files'],
  artifact_finding: ['error', 'the file of a finished generation cannot be had, or is not a playable video'],
  artifact_stored: ['info', 'a video was stored'],
  artifact_failed: ['warn', 'a job failed although its generation is finished'],
  cancel_requested: ['info', 'a job was cancelled'],
  retry_requested: ['info', 'a job is tried once more'],
  recheck_requested: ['info', 'the provider is asked once more about a job'],
  recheck_ended: ['info', 'a recheck brought nothing new: the job is as it was'],
  watch_ended: ['info', 'an ended job is not looked at any more'],
  deleted: ['info', 'a job was deleted'],
  webhook_delivered: ['info', 'a webhook was delivered'],
  webhook_not_taken: ['warn', 'a webhook was not taken: trying again'],
  webhook_failed: ['error', 'a webhook was given up'],
  webhook_off: ['warn', 'a webhook is not sent: its receiver is off'],
  receiver_off: ['error', 'a receiver of webhooks is off now: it takes nothing'],
  webhook_resend_requested: ['info', 'a webhook is sent once more'],
  webhook_unsigned: ['error', 'a webhook waits: this worker has no WEBHOOK_SECRET to sign it with'],
} as const satisfies Record<string, Line>;

export type LoggedEvent = keyof typeof eventLines;

/** The same of what concerns everybody: why all jobs wait, or some, and what is known about the account. */
export const installationLines = {
  hold_began: ['warn', 'a hold has begun: the jobs it concerns wait'],
  hold_ended: ['info', 'a hold has ended'],
  trial_refused: ['warn', 'a trial was refused: the jobs wait on'],
  trial_abandoned: ['warn', 'the trial of a worker that is gone has ended: the next one may begin'],
  credential_refused: ['error', 'submissions are on hold: the provider account cannot be used'],
  credential_accepted: ['info', 'the provider accepts the account'],
  credential_unchecked: ['info', 'it is not known whether the provider accepts the account: the next answer will tell'],
  probe_unanswered: ['warn', 'the provider could not be asked about the account'],
  pause_ordered: ['warn', 'operators have paused all submissions'],
  pause_ended: ['info', 'the pause that operators ordered is over'],
} as const satisfies Record<string, Line>;

export type InstallationEvent = keyof typeof installationLines;

const lines = { ...eventLines, ...installationLines };

/** @param level where a repetition is worth less than the first time */
export function writeLine(
  log: EventLog,
  event: LoggedEvent | InstallationEvent,
  fields: object,
  level: LineLevel = lines[event][0],
): void {
  log[level]({ event, ...fields }, lines[event][1]);
}

import { z } from 'zod';

/** What a step can meet and try again after. */
export type StepTroubleKind =
  | 'unavailable'
  | 'refused'
  | 'not_found'
  | 'not_found_yet'
  | 'succeeded_without_file'
  | 'submission_lookup'
  | 'recheck'
  | 'gone'
  | 'unasked'
  | 'no_storage';

/** A step may be from a version that knows others. */
const stepTrouble = z.object({ kind: z.string(), count: z.int().positive() });

const jobStep = z.object({
  jobId: z.string(),
  /** The attempt this step belongs to: a step of an earlier attempt finds that the job moved on, and ends. */
  attempt: z.int().positive(),
  /**
   * How often in a row the step met the same kind of trouble. It travels with the step so that a quiet poll writes nothing
   * to the ledger; when a step is lost the count starts again, which only makes us more patient.
   */
  trouble: stepTrouble.optional(),
});

/**
 * The one list of queues. A step's payload is ids, and a count of the trouble met: the ledger holds everything else, so a
 * step that is lost, repeated or late can do no harm.
 */
export const stepCatalog = {
  /** Sends the create request. Fenced by the ledger: running it twice sends once. */
  submit: jobStep,
  /** Asks the provider about a generation, or looks for one whose create answer was lost. Reschedules itself. */
  poll: jobStep,
  /** Brings the file to our storage. */
  store: jobStep,
  /** Tells a receiver of webhooks that a job has ended. Reschedules itself. */
  notify: z.object({ deliveryId: z.string() }),
} as const;

export type StepName = keyof typeof stepCatalog;
/** The steps that move a video job on. */
export type JobStepName = Exclude<StepName, 'notify'>;
export type StepTrouble = z.output<typeof stepTrouble>;
export type StepPayloads = { readonly [Name in StepName]: z.output<(typeof stepCatalog)[Name]> };

/**
 * When which step of a video job runs: the only user of BullMQ. A step carries ids and decides nothing; the ledger says
 * whether it still means anything, so a step that comes twice, late or not at all does no harm.
 */
export { openQueueBoard, type QueueBoard } from './board.ts';
export type { FoundStep } from './find-step.ts';
export { type ServeOptions, type Serving, type StepHandlers, serveSteps } from './serve.ts';
export type { StepHandler, StepOutcome } from './step-worker.ts';
export { openSteps, type StepCounts, type Steps } from './steps.ts';

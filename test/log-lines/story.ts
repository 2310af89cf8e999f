import { operatorJobWhole } from '@video-proxy/contracts';
import { eventLines, type InstallationEvent, installationLines, type LoggedEvent } from '@video-proxy/telemetry';
import { expect, vi } from 'vitest';
import type { Line, Stage } from './stage.ts';

/** Something that happens to a few jobs, and the lines that tell it. */
export interface Story {
  readonly title: string;
  /** All lines about each of its jobs, by the id of the request that the job came from. */
  readonly lines: Readonly<Record<string, readonly LoggedEvent[]>>;
  /** What stands there beside about everybody. */
  readonly everybody?: readonly InstallationEvent[];
  /** What some lines say beyond what all of their kind say. */
  readonly says?: Partial<Record<LoggedEvent | InstallationEvent, object>>;
  play(stage: Stage): Promise<void>;
}

const levelNumbers = { debug: 20, info: 30, warn: 40, error: 50 };
const someId = expect.stringMatching(/^[\w-]{10,}$/);

/** The provider's answer led to it. */
const answers: ReadonlySet<LoggedEvent> = new Set([
  'submit_accepted',
  'submit_refused',
  'submit_deferred',
  'submit_lost',
  'submission_not_found',
  'hold_expired',
  'poll_unavailable',
  'poll_refused',
  'poll_not_found',
  'poll_succeeded_without_file',
  'poll_recovered',
  'generation_succeeded',
  'generation_failed',
  'generation_not_found',
  'deadline_passed',
  'recheck_ended',
  'watch_ended',
]);

/** There is no generation, or there need not be one. */
const withoutGeneration: ReadonlySet<LoggedEvent> = new Set([
  'created',
  'submit_started',
  'submit_refused',
  'submit_deferred',
  'submit_lost',
  'submission_not_found',
  'hold_expired',
  'cancel_requested',
  'retry_requested',
]);

const isAboutWebhook = (event: LoggedEvent) => event.startsWith('webhook_') || event === 'receiver_off';

function namesIn(event: LoggedEvent): object {
  return {
    level: levelNumbers[eventLines[event][0]],
    ...(answers.has(event) ? { providerRequestId: someId } : {}),
    ...(withoutGeneration.has(event) ? {} : { generationId: someId }),
    ...(isAboutWebhook(event) ? { deliveryId: expect.stringMatching(/^evt_/) } : { attempt: expect.any(Number) }),
  };
}

const eventOf = (line: Line) => line['event'] as LoggedEvent;

/** Answers that changed nothing are in the history alone. */
const isSearchable = (event: LoggedEvent) => !event.startsWith('poll_');
/** The answer that a job waited for in vain came with an earlier line, which the record of this story has not. */
const isInHistory = (event: LoggedEvent) => event !== 'hold_expired';

/** Whoever has a request id of the provider finds the job by it, and finds it at the job. */
async function expectIdsAtJob(lines: readonly Line[], { api, ledger }: Stage): Promise<void> {
  const response = await fetch(`${api.url}/ops/api/jobs/${lines[0]?.['jobId']}`);
  const { request_ids } = operatorJobWhole.parse(await response.json());
  const shown = request_ids.filter(({ kind }) => kind === 'provider_request').map(({ id }) => id);
  for (const line of lines.filter((one) => answers.has(eventOf(one)))) {
    const event = eventOf(line);
    const id = String(line['providerRequestId']);
    if (isInHistory(event)) expect(shown, event).toContain(id);
    if (isSearchable(event)) expect(await ledger.jobs.findByProviderRequestId(id), event).toBe(line['jobId']);
  }
}

/** Waits until exactly these events stand in the log, and looks at what each says. */
export async function playStory({ lines, everybody = [], says = {}, play }: Story, stage: Stage): Promise<void> {
  const fromHere = stage.mark();
  await play(stage);
  for (const [requestId, events] of Object.entries(lines)) {
    const sorted = events.toSorted();
    const about = () => stage.linesOf(requestId);
    await vi.waitFor(() => expect(about().map(eventOf).toSorted(), requestId).toEqual(sorted), stage.patience);
    expect(new Set(about().map((line) => line['jobId'])).size, requestId).toBe(1);
    for (const line of about()) {
      const event = eventOf(line);
      expect(line, event).toMatchObject({ ...namesIn(event), jobId: expect.stringMatching(/^video_/), ...says[event] });
    }
    if (!events.includes('deleted')) await expectIdsAtJob(about(), stage);
  }
  for (const event of everybody) {
    const line = await stage.untilLine(event, fromHere);
    expect(line, event).toMatchObject({ level: levelNumbers[installationLines[event][0]], ...says[event] });
    expect(line, event).not.toHaveProperty('jobId');
  }
}

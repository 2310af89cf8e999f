import type { VideoJobEvent } from '@video-proxy/core';
import { expect, test } from 'vitest';
import { type Followed, followVideoJob } from '../src/video-jobs/follow.ts';
import { accepted, generated, started, stored } from './events.ts';
import { type RunningApi, startApi } from './running-api.ts';

/** The ledger of a service in which something happens to the job each time its history is about to be read, or has been. */
function busyLedger({ ledger, happen }: RunningApi, moment: 'before' | 'after', events: readonly VideoJobEvent[]) {
  const left = [...events];
  const next = async (id: string) => {
    const event = left.shift();
    if (event !== undefined) await happen(id, event);
  };
  const jobs: typeof ledger.jobs = {
    ...ledger.jobs,
    async events(id, options) {
      if (moment === 'before') await next(id);
      const history = await ledger.jobs.events(id, options);
      if (moment === 'after') await next(id);
      return history;
    },
  };
  return { ...ledger, jobs };
}

async function follow(api: RunningApi, moment: 'before' | 'after') {
  const id = await api.create();
  const way = [started, accepted, generated, stored('a.mp4')];
  const parts = { ledger: busyLedger(api, moment, way), now: Date.now };
  const following = { after: null, quietMs: 10_000, longestMs: 30_000, signal: AbortSignal.timeout(20_000) };
  const told: Followed[] = [];
  for await (const followed of followVideoJob(parts, id, following)) told.push(followed);
  return told;
}

test('an event is never told with the job as it was before the event', async () => {
  await using api = await startApi();
  const told = await follow(api, 'before');
  const states = told.flatMap((followed) => (followed.kind === 'event' ? [followed.job.lifecycle.state] : []));
  expect(states).toEqual(['submitting', 'submitting', 'generating', 'storing', 'completed']);
});

test('the end is told after all events, even if the last came between two reads', async () => {
  await using api = await startApi();
  const told = await follow(api, 'after');
  const names = told.map((followed) => (followed.kind === 'event' ? followed.event.type : followed.kind));
  expect(names).toEqual([
    'created',
    'submit_started',
    'submit_accepted',
    'generation_succeeded',
    'artifact_stored',
    'ended',
  ]);
});

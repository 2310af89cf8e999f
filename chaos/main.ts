/**
 * `npm run chaos`: customers ask for videos while worker, API and Redis are killed at random and the provider answers with
 * every oddity it has. It ends with 1 when a rule was broken, and names the jobs.
 */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runChaos } from './chaos-run.ts';
import { runCrashPoints } from './crash-points/crash-run.ts';
import { tableOf } from './tally.ts';

/** What two cores carry beside crashes, and far less than is read of the provider's log for a lost create. */
const jobsPerMinute = 40;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { minutes: text, seed: text, jobs: text, 'crash-points': { type: 'boolean' } },
});
const minutes = z.coerce
  .number()
  .positive()
  .parse(values.minutes ?? 1);
const seed = z.coerce
  .number()
  .int()
  .parse(values.seed ?? Math.floor(Math.random() * 1_000_000));
const jobs = z.coerce
  .number()
  .int()
  .positive()
  .parse(values.jobs ?? Math.max(200, Math.round(minutes * jobsPerMinute)));

const { broken, tally, heading } = await (values['crash-points'] ? runAtEveryPoint() : runAtRandom());
console.log(`\n${tableOf(heading, tally)}\n`);
for (const rule of broken) console.log(`broken: ${rule}`);
console.log(broken.length === 0 ? 'chaos: every rule was kept' : `chaos: ${broken.length} times a rule was broken`);
process.exitCode = broken.length === 0 ? 0 : 1;

async function runAtEveryPoint() {
  console.log('chaos: worker and API die at every point of the way of a video');
  return { ...(await runCrashPoints()), heading: ['where it died', 'how the job ended'] as const };
}

async function runAtRandom() {
  console.log(`chaos: ${minutes} minutes, ${jobs} jobs; the same choices again with --seed ${seed}`);
  return { ...(await runChaos({ minutes, seed, jobs })), heading: ['what', 'count'] as const };
}

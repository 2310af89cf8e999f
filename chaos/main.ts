/**
 * `npm run chaos`: customers ask for videos while worker, API and Redis are killed at random and the provider answers with
 * every oddity it has. It ends with 1 when a rule was broken, and names the jobs.
 */
import { parseArgs } from 'node:util';
import { runChaos } from './chaos-run.ts';
import { tableOf } from './tally.ts';

const { values } = parseArgs({
  options: { minutes: { type: 'string' }, seed: { type: 'string' }, jobs: { type: 'string' } },
});
const minutes = Number(values.minutes ?? 1);
const seed = Number(values.seed ?? Math.floor(Math.random() * 1_000_000));
const jobs = Number(values.jobs ?? Math.max(200, Math.round(minutes * 100)));

console.log(`chaos: ${minutes} minutes, ${jobs} jobs; the same choices again with --seed ${seed}`);
const { broken, tally } = await runChaos({ minutes, seed, jobs });
console.log(`\n${tableOf(tally)}\n`);
for (const rule of broken) console.log(`broken: ${rule}`);
console.log(broken.length === 0 ? 'chaos: every rule was kept' : `chaos: ${broken.length} times a rule was broken`);
process.exitCode = broken.length === 0 ? 0 : 1;

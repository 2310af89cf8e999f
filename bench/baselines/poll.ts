/** The least that moves 10,000 waiting steps on at all: a BullMQ worker whose every step is to wait again. */
import { createServer } from 'node:http';
import { DelayedError, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Arrival } from '../provider-client.ts';
import { announce, redisPath } from './announce.ts';

const concurrency = Number(process.env['POLL_CONCURRENCY']);
const polls: Arrival[] = [];

new Worker(
  'poll',
  async (job, token) => {
    polls.push([job.id ?? '', Date.now()]);
    // The demand of the schedule of polls: again after 15 s, and up to a tenth of it more.
    await job.moveToDelayed(Date.now() + 15_000 * (1 + 0.1 * Math.random()), token);
    throw new DelayedError();
  },
  { connection: new Redis(redisPath(), { maxRetriesPerRequest: null }), prefix: '{bare}', concurrency },
);

const server = createServer((_request, response) => response.end(JSON.stringify(polls.splice(0))));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) announce(`http://127.0.0.1:${address.port}`);
});

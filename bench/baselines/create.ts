/** The least that answers `POST /v1/jobs` at all: Fastify, a zod body, one job on a BullMQ queue. Nothing is kept for later. */
import { randomUUID } from 'node:crypto';
import { Queue } from 'bullmq';
import { fastify } from 'fastify';
import { Redis } from 'ioredis';
import { z } from 'zod';
import { announce, redisPath } from './announce.ts';

const body = z.object({ model: z.string().min(1).max(200), prompt: z.string().max(32_000) });

const queue = new Queue('baseline', { connection: new Redis(redisPath()), prefix: '{bare}' });
const app = fastify();
app.post('/v1/jobs', async (request, reply) => {
  const wanted = body.parse(request.body);
  const id = `video_${randomUUID()}`;
  await queue.add('submit', wanted, { jobId: id });
  return reply.code(202).send({ id, object: 'video.job', status: 'queued', ...wanted });
});

announce(await app.listen({ host: '127.0.0.1', port: 0 }));

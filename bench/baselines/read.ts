/** The least that answers `GET /v1/jobs/{id}` at all: Fastify and one HGETALL of a hash of the same size. */
import { fastify } from 'fastify';
import { Redis } from 'ioredis';
import { announce, redisPath } from './announce.ts';

const redis = new Redis(redisPath());
const app = fastify();
app.get<{ Params: { id: string } }>('/v1/jobs/:id', async (request) => redis.hgetall(`bare:${request.params.id}`));

announce(await app.listen({ host: '127.0.0.1', port: 0 }));

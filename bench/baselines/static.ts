/** The least that serves files with ranges: Fastify and its plugin for static files. */
import fastifyStatic from '@fastify/static';
import { fastify } from 'fastify';
import { announce } from './announce.ts';

const app = fastify();
await app.register(fastifyStatic, { root: process.env['FILES_DIR'] ?? '' });

announce(await app.listen({ host: '127.0.0.1', port: 0 }));

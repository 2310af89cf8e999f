import { fastify } from 'fastify';
import { expect, test } from 'vitest';
import { authenticate } from '../src/authentication.ts';
import { answerErrors } from '../src/errors.ts';

test('a route that does not say who may call it is closed to everybody', async () => {
  await using app = fastify();
  authenticate(app, {
    keys: new Map([['alice', 'key']]),
    opsKey: null,
    opsReadKey: null,
    production: false,
    now: Date.now,
  });
  answerErrors(app, { isUnavailable: () => false, now: Date.now });
  app.get('/v1/forgotten', async () => 'a secret');
  app.get('/v1/opened', { config: { access: 'public' } }, async () => 'known to all');
  const headers = { authorization: 'Bearer key' };
  expect((await app.inject({ url: '/v1/forgotten', headers })).statusCode).toBe(401);
  expect((await app.inject({ url: '/v1/opened' })).statusCode).toBe(200);
});

import { expect, test } from 'vitest';
import { clientKey, newJob, startApi } from './running-api.ts';

test('a request leaves one line that says who asked for what and how it ended', async () => {
  await using api = await startApi();
  const id = await api.create({}, { 'x-request-id': 'my-id', 'x-librechat-user-id': 'u-1' });
  await expect
    .poll(() => api.log.filter(({ msg }) => msg === 'request'))
    .toMatchObject([
      { requestId: 'my-id', method: 'POST', route: '/v1/jobs', status: 202, owner: 'alice/u-1', jobId: id },
    ]);
});

test('no line holds a key, a prompt, a watch token or a query', async () => {
  await using api = await startApi();
  const id = await api.create({ prompt: 'a very private wish' });
  const secret = (await api.ledger.jobs.get(id))?.watchSecret ?? '';
  const token = id.slice('video_'.length) + secret;
  await api.call('GET', `/v/${token}`);
  await api.call('GET', `/v/${token}/nothing-here`);
  await api.call('GET', `/v1/jobs/${id}?wait_seconds=0&secret=hidden`);
  await api.call('POST', '/v1/jobs', { body: { ...newJob, prompt: ['a very private wish'] } });
  await api.call('GET', `/nope/${clientKey.repeat(3)}`);
  await expect.poll(() => api.log.filter(({ msg }) => msg === 'request')).toHaveLength(6);
  expect(api.logText()).not.toMatch(/private wish|hidden|authorization/i);
  expect(api.logText()).not.toContain(clientKey);
  expect(api.logText()).not.toContain(secret);
});

test('the questions of machines about our health are only worth a debug line', async () => {
  await using api = await startApi();
  await api.call('GET', '/readyz');
  await expect.poll(() => api.log.find(({ msg }) => msg === 'request')).toMatchObject({ level: 20, route: '/readyz' });
});

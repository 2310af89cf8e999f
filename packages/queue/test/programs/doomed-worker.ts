import { serveSteps } from '@video-proxy/queue';
import { connectRedis } from '@video-proxy/redis';

/*
 * A process that takes a step and never ends it; to be killed by the test.
 * Arguments: address of Redis, namespace.
 */
const [, , url = '', namespace = ''] = process.argv;

const forever = async ({ jobId }: { jobId: string }): Promise<never> => {
  process.stdout.write(`took ${jobId}\n`);
  return new Promise(() => {});
};

serveSteps({
  connection: connectRedis(url, { role: 'blocking', onError: () => {} }),
  namespace,
  handlers: { submit: forever, poll: forever, store: forever, notify: async () => ({ kind: 'done' }) },
  concurrency: { submit: 1, poll: 1, store: 1, notify: 1 },
  onError: () => {},
});

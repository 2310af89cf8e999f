import { expect, test } from 'vitest';
import { runCli, temporaryFolder } from '../run-cli.ts';

test('all mistakes in the settings are listed at once, after the state of the key, and nothing is started', async () => {
  await using folder = await temporaryFolder();
  const { code, stdout, stderr } = await runCli(['start'], {
    cwd: folder.path,
    env: {
      PORT: 'eighty',
      REDIS_URL: 'localhost:6379',
      SUBMIT_CONCURRENCY: '0',
      CLIENT_KEYS: 'no-name',
      AI_ML_API_KEY: '"quoted"',
    },
  });
  expect(code).toBe(1);
  expect(stdout).toMatch(/^\[video-proxy\] AI_ML_API_KEY malformed: .*quotes/);
  for (const name of ['PORT', 'REDIS_URL', 'SUBMIT_CONCURRENCY', 'CLIENT_KEYS']) expect(stderr).toContain(`${name}: `);
  expect(stderr).not.toMatch(/^\s+at /m);
});

test('a command that does not exist and an option that is wrong are usage errors', async () => {
  await using folder = await temporaryFolder();
  const results = await Promise.all(
    [
      ['strat'],
      ['doctor', '--jsonn'],
      ['generate'],
      ['sandbox', '--port', '70000'],
      ['jobs', 'list', '--limit', '0'],
      ['generate', 'x', '--param', 'duration'],
    ].map((args) => runCli(args, { cwd: folder.path })),
  );
  expect(results.map(({ code }) => code)).toEqual([2, 2, 2, 2, 2, 2]);
  for (const { stderr } of results) expect(stderr).not.toMatch(/^\s+at /m);
});

test('help is not an error', async () => {
  await using folder = await temporaryFolder();
  const { code, stdout } = await runCli(['--help'], { cwd: folder.path });
  expect(code).toBe(0);
  for (const command of ['start', 'demo', 'doctor', 'generate', 'jobs', 'sandbox']) expect(stdout).toContain(command);
});

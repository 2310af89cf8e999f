import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('an error of Redis is logged without its command, which may hold a password, a prompt or a link', async () => {
  const program = `
    import { openLog } from '${new URL('../src/log.ts', import.meta.url).href}';
    const error = Object.assign(new Error('OOM'), { command: { name: 'evalsha', args: ['hunter2'] } });
    const log = openLog('info', false);
    log.error({ err: error }, 'a step failed unexpectedly');
    log.flush();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module-typescript', '-e', program]);
  expect(stdout).toContain('OOM');
  expect(stdout).not.toContain('hunter2');
});

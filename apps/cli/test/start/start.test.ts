import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { runCli, type TemporaryFolder, temporaryFolder } from '../run-cli.ts';
import { childrenOf, startService } from './running-service.ts';

async function folderForTest(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  onTestFinished(() => folder[Symbol.asyncDispose]());
  return folder;
}

const onlyPidOf = async (pid: number, word: string): Promise<number> => {
  const [child] = await childrenOf(pid, word);
  if (child === undefined) throw new Error(`no child ${word} of ${pid}`);
  return child;
};

async function makeVideo(origin: string, cwd: string): Promise<string> {
  const { code, stdout, stderr } = await runCli(
    ['generate', '[sandbox:slow=0] a boat', '--url', origin, '--json', '--param', 'duration=4'],
    { cwd },
  );
  if (code !== 0) throw new Error(stderr);
  return (JSON.parse(stdout) as { id: string }).id;
}

describe('npm start on a machine without settings', () => {
  test('says that the key is missing first, then that the sandbox stands in, and makes a video', async () => {
    const { path } = await folderForTest();
    const { process, origin } = await startService(path);
    expect(process.stdout[0]).toBe('Missing AI_ML_API_KEY');
    expect(process.stdout[1]).toMatch(/SANDBOX.*simulated.*nothing is billed/);
    expect(await makeVideo(origin, path)).toMatch(/^video_/);
  });

  test('ends in peace on SIGTERM, with every process it started', async () => {
    const { path } = await folderForTest();
    const { process } = await startService(path);
    const redis = await onlyPidOf(process.pid, 'redis');
    process.signal('SIGTERM');
    // `exited` waits until nobody holds the output any more: the children have ended, too.
    expect(await process.exited).toEqual({ code: 0, signal: null });
    await expect.poll(() => isAlive(redis)).toBe(false);
  });

  test('keeps its jobs over a SIGKILL of the supervisor, which leaves nothing running', async () => {
    const { path } = await folderForTest();
    const first = await startService(path);
    const id = await makeVideo(first.origin, path);
    const redis = await onlyPidOf(first.process.pid, 'redis');
    first.process.signal('SIGKILL');
    await first.process.exited;
    await expect.poll(() => isAlive(redis), { timeout: 5_000 }).toBe(false);

    const second = await startService(path);
    const { stdout } = await runCli(['jobs', 'show', id, '--url', second.origin, '--json'], { cwd: path });
    expect(JSON.parse(stdout)).toMatchObject({ id, status: 'completed' });
  }, 40_000);
});

describe('a part that dies', () => {
  test.each([
    ['the worker', 'worker/src/main.ts'],
    ['the sandbox', 'sandbox'],
    ['Redis', 'redis'],
  ])(
    '%s is started again and jobs go on',
    async (_what, word) => {
      const { path } = await folderForTest();
      const { process: supervisor, origin } = await startService(path);
      process.kill(await onlyPidOf(supervisor.pid, word), 'SIGKILL');
      await supervisor.waitForLine(/starts again/);
      await expect.poll(() => childrenOf(supervisor.pid, word), { timeout: 5_000 }).toHaveLength(1);
      expect(await makeVideo(origin, path)).toMatch(/^video_/);
    },
    40_000,
  );
});

describe('refusals', () => {
  test('a port in use ends everything with exit code 1 and names the port', async () => {
    const { path } = await folderForTest();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { port } = server.address() as AddressInfo;
    const { code, stderr } = await runCli(['start'], { cwd: path, env: { HOST: '127.0.0.1', PORT: String(port) } });
    expect(code).toBe(1);
    expect(stderr).toContain(`PORT: ${port} is in use`);
    expect(stderr).not.toMatch(/^\s+at /m);
  });

  test('a DATA_DIR that another service uses is refused', async () => {
    const { path } = await folderForTest();
    await startService(path);
    const { code, stderr } = await runCli(['start'], { cwd: path, env: { HOST: '127.0.0.1', PORT: '0' } });
    expect(code).toBe(1);
    expect(stderr).toContain('in use');
  });
});

test('settings come from .env too, and the log says which', async () => {
  const { path } = await folderForTest();
  await writeFile(
    join(path, '.env'),
    'AI_ML_API_KEY=sk-aimlapi-0123456789abcdef0123456789abcdef\nAIMLAPI_BASE_URL=http://127.0.0.1:9\n',
  );
  const { process } = await startService(path);
  expect(process.stdout[0]).toMatch(
    /^\[video-proxy\] AI_ML_API_KEY loaded, length: 43, prefix: sk-aimlapi-, fingerprint: [0-9a-f]{8}$/,
  );
  expect(process.stderr[0]).toMatch(/\.env: AIMLAPI_BASE_URL, AI_ML_API_KEY$/);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

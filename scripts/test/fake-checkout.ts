import { chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type SpawnedProcess, spawnProcess } from '@video-proxy/testkit';
import { onTestFinished } from 'vitest';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

const WANTED = { packages: { '': {}, 'node_modules/left-pad': { version: '1.3.0', integrity: 'sha512-x' } } };

/** Does what `npm ci` is trusted to do, and notes each call with what it was told. */
const FAKE_NPM = `
echo "npm $* NODE_ENV=$NODE_ENV workspace=$npm_config_workspace" >> "$CHECKOUT/npm-calls"
[ -e "$CHECKOUT/npm-fails" ] && { echo "npm error: the registry is on fire" >&2; exit 1; }
[ -e "$CHECKOUT/npm-hangs" ] && { rm "$CHECKOUT/npm-hangs"; touch "$CHECKOUT/npm-is-hanging"; sleep 60; }
echo "added 1 package"
mkdir -p "$CHECKOUT/node_modules"
cp "$CHECKOUT/package-lock.json" "$CHECKOUT/node_modules/.package-lock.json"`;

/** Says what it was started with, and stays if told to; counts the signals it gets. */
const PROGRAM = `
console.log('program ' + JSON.stringify(process.argv.slice(2)));
if (process.argv.includes('--fail')) process.exit(7);
if (process.argv.includes('--stay')) {
  setInterval(() => {}, 1000);
  process.on('SIGINT', () => console.log('got SIGINT'));
  process.on('SIGTERM', () => process.exit(console.log('got SIGTERM')));
  process.on('SIGHUP', () => process.exit(0));
  console.log('pid ' + process.pid);
}`;

export type FakeCheckout = {
  readonly root: string;
  readonly env: Readonly<Record<string, string>>;
  run(args: readonly string[], env?: Record<string, string>): Promise<SpawnedProcess>;
  write(path: string, content: string): Promise<void>;
  npmCalls(): Promise<string[]>;
};

/** A clone with the real bootstrap, a one-package lockfile, an npm of ours and nothing installed yet. */
export async function fakeCheckout(): Promise<FakeCheckout> {
  const root = await mkdtemp(join(tmpdir(), 'bootstrap-test-'));
  onTestFinished(() => rm(root, { recursive: true, force: true }));
  const write = async (path: string, content: string) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  };
  for (const part of ['scripts', 'packages/local-redis/src'])
    await cp(join(ROOT, part), join(root, part), { recursive: true });
  await write('package.json', '{ "type": "module" }');
  await write('package-lock.json', JSON.stringify(WANTED));
  await write('apps/cli/src/main.ts', PROGRAM);
  await write('apps/api/src/main.ts', PROGRAM);
  await write('bin/npm', `#!/bin/sh\n${FAKE_NPM}\n`);
  await chmod(join(root, 'bin/npm'), 0o755);

  const env = { PATH: `${join(root, 'bin')}:/usr/bin:/bin`, CHECKOUT: root, REDIS_URL: 'redis://unused' };
  return {
    root,
    env,
    write,
    run: (args, more = {}) =>
      spawnProcess({ args: [join(root, 'scripts/run.mjs'), ...args], cwd: root, env: { ...env, ...more } }),
    npmCalls: async () => (await readFile(join(root, 'npm-calls'), 'utf8').catch(() => '')).split('\n').filter(Boolean),
  };
}

import { access, chmod, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ensureNode } from '../bootstrap/node.mjs';
import { fakeCheckout } from './fake-checkout.ts';

test('in a fresh clone the packages are installed, then the program runs', async () => {
  const checkout = await fakeCheckout();
  await using run = await checkout.run(['api']);

  expect(await run.exited).toEqual({ code: 0, signal: null });
  expect(run.stderr.join('\n')).toMatch(/left-pad.*npm ci/);
  expect(await checkout.npmCalls()).toHaveLength(1);
});

test('stdout belongs to the program alone', async () => {
  const checkout = await fakeCheckout();
  await using run = await checkout.run(['doctor', '--json']);
  await run.exited;

  expect(run.stdout).toEqual(['program ["doctor","--json"]']);
});

test('when nothing is missing, nothing is said and npm is not called', async () => {
  const checkout = await fakeCheckout();
  await using first = await checkout.run(['api']);
  await first.exited;

  await using second = await checkout.run(['api']);
  await second.exited;

  expect(second.stderr).toEqual([]);
  expect(await checkout.npmCalls()).toHaveLength(1);
});

test('a changed lockfile is installed again', async () => {
  const checkout = await fakeCheckout();
  await using first = await checkout.run(['api']);
  await first.exited;
  await checkout.write('package-lock.json', '{"packages":{"node_modules/left-pad":{"version":"2.0.0"}}}');

  await using second = await checkout.run(['api']);
  await second.exited;

  expect(await checkout.npmCalls()).toHaveLength(2);
});

test('packages for development and for other platforms may be missing where they are not needed', async () => {
  const checkout = await fakeCheckout();
  const packages = { 'node_modules/vitest': { version: '5.1.1', dev: true }, 'node_modules/mac': { optional: true } };
  await checkout.write('package-lock.json', JSON.stringify({ packages }));

  await using start = await checkout.run(['api']);
  await start.exited;
  expect(await checkout.npmCalls()).toEqual([]);

  await using check = await checkout.run(['check']);
  await check.exited;
  expect(await checkout.npmCalls()).toHaveLength(1);
});

test('NO_INSTALL=1 refuses to install, with words about what to do', async () => {
  const checkout = await fakeCheckout();
  await using run = await checkout.run(['api'], { NO_INSTALL: '1' });

  expect((await run.exited).code).toBe(1);
  expect(run.stderr.join('\n')).toMatch(/NO_INSTALL is set.*npm ci/);
  expect(run.stdout).toEqual([]);
  expect(await checkout.npmCalls()).toEqual([]);
});

test('when npm fails, its own words are shown and the program is not started', async () => {
  const checkout = await fakeCheckout();
  await checkout.write('npm-fails', '');
  await using run = await checkout.run(['api']);

  expect((await run.exited).code).toBe(1);
  expect(run.stderr.join('\n')).toContain('the registry is on fire');
  expect(run.stdout).toEqual([]);
});

test('two bootstraps at once install once', async () => {
  const checkout = await fakeCheckout();
  await using first = await checkout.run(['api']);
  await using second = await checkout.run(['api']);

  expect(await Promise.all([first.exited, second.exited])).toEqual([
    { code: 0, signal: null },
    { code: 0, signal: null },
  ]);
  expect(await checkout.npmCalls()).toHaveLength(1);
});

test('a bootstrap that was killed halfway does not stop the next one', async () => {
  const checkout = await fakeCheckout();
  await checkout.write('npm-hangs', '');
  await using killed = await checkout.run(['api']);
  await expect
    .poll(() =>
      access(join(checkout.root, 'npm-is-hanging')).then(
        () => true,
        () => false,
      ),
    )
    .toBe(true);
  await access(join(checkout.root, '.bootstrap.lock'));

  killed.signal('SIGKILL');
  await using next = await checkout.run(['api']);

  expect((await next.exited).code).toBe(0);
});

test('the lock of a container that is gone is not waited for', async () => {
  const checkout = await fakeCheckout();
  const lock = join(checkout.root, '.bootstrap.lock');
  await writeFile(lock, JSON.stringify({ pid: 7, startedAt: 'x', realm: 'another container' }));
  await utimes(lock, new Date(0), new Date(0));
  await using run = await checkout.run(['api']);

  expect((await run.exited).code).toBe(0);
  expect(run.stderr.join('\n')).not.toContain('waiting');
});

test('what the calling npm was told does not reach the installation', async () => {
  const checkout = await fakeCheckout();
  await using run = await checkout.run(['api'], { NODE_ENV: 'production', npm_config_workspace: 'apps/api' });
  await run.exited;

  expect(await checkout.npmCalls()).toEqual([expect.stringMatching(/--include=dev.* NODE_ENV= workspace=$/)]);
});

test('an unknown command is a usage error that names the known ones', async () => {
  const checkout = await fakeCheckout();
  await using run = await checkout.run(['toString']);

  expect((await run.exited).code).toBe(2);
  expect(run.stderr.join('\n')).toContain('start, demo, doctor');
});

const surroundings = { env: {}, mayInstall: false, say: () => {} };
const oldNode = { version: '20.20.2', execPath: '/usr/bin/node', platform: 'linux', arch: 'x64' };

test('a Node that runs TypeScript is kept', async () => {
  const running = { ...oldNode, version: '24.12.0' };

  expect(await ensureNode({ ...surroundings, root: '/nowhere' }, running)).toBe('/usr/bin/node');
});

test('an older Node gives way to the packaged one', async () => {
  const { root, write } = await fakeCheckout();
  await write('node_modules/.bin/node', '');
  await chmod(join(root, 'node_modules/.bin/node'), 0o755);

  expect(await ensureNode({ ...surroundings, root }, oldNode)).toBe(join(root, 'node_modules/.bin/node'));
});

test('where no Node can be had, the words say which one and how to get it', async () => {
  const mac = { ...oldNode, platform: 'darwin', arch: 'arm64' };

  await expect(ensureNode({ ...surroundings, mayInstall: true, root: '/nowhere' }, mac)).rejects.toThrow(
    /24\.12.*20\.20\.2.*darwin on arm64.*brew install/,
  );
});

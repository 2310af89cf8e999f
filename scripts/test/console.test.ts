import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import page from '../../apps/console/package.json' with { type: 'json' };
import { type FakeCheckout, fakeCheckout } from './fake-checkout.ts';

/** Notes each call, and builds what it finds in index.html unless that is broken. */
const FAKE_VITE = `
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const [, , , source, , target] = process.argv;
appendFileSync(process.env.CHECKOUT + '/builds', process.env.NODE_ENV + '\\n');
const page = readFileSync(source + '/index.html', 'utf8');
if (page === 'broken') throw new Error('this page is broken');
mkdirSync(target, { recursive: true });
writeFileSync(target + '/index.html', 'built from ' + page);`;

const lockfile = JSON.stringify({ packages: {} });

async function checkoutWithConsole({ vite = true } = {}): Promise<FakeCheckout> {
  const checkout = await fakeCheckout();
  await checkout.write('package-lock.json', lockfile);
  await checkout.write('node_modules/.package-lock.json', lockfile);
  await checkout.write('apps/console/index.html', 'one');
  await checkout.write('apps/console/src/main.tsx', '');
  if (vite) await checkout.write('node_modules/vite/bin/vite.js', FAKE_VITE);
  return checkout;
}

async function start(checkout: FakeCheckout, command = 'api') {
  await using run = await checkout.run([command]);
  expect((await run.exited).code).toBe(0);
  expect(run.stdout[0]).toContain('program');
  return run.stderr.join('\n');
}

const builtPage = ({ root }: FakeCheckout) => readFile(join(root, 'apps/console/dist/index.html'), 'utf8');
const builds = async ({ root }: FakeCheckout) => (await readFile(join(root, 'builds'), 'utf8')).split('\n').length - 1;

test("the operators' page is built, as for production, before the program starts that shows it", async () => {
  const checkout = await checkoutWithConsole();
  expect(await start(checkout)).toContain("building the operators' page");
  expect(await builtPage(checkout)).toBe('built from one');
  expect(await readFile(join(checkout.root, 'builds'), 'utf8')).toBe('production\n');
});

test('it is built again when a source has changed or one was added, and else not', async () => {
  const checkout = await checkoutWithConsole();
  await start(checkout);
  expect(await start(checkout)).toBe('');
  await checkout.write('apps/console/index.html', 'two');
  await start(checkout);
  expect(await builtPage(checkout)).toBe('built from two');
  await checkout.write('apps/console/src/pages/new.tsx', '');
  await start(checkout);
  expect(await builds(checkout)).toBe(3);
});

const packagesOfOurs = Object.keys(page.devDependencies).filter((name) => name.startsWith('@video-proxy/'));

test.each(packagesOfOurs)('it is built again when %s has changed, which is in it', async (name) => {
  const checkout = await checkoutWithConsole();
  await start(checkout);
  await checkout.write(`${name.replace('@video-proxy', 'packages')}/src/new.ts`, '');
  await start(checkout);
  expect(await builds(checkout)).toBe(2);
});

test('programs that do not show it do not build it', async () => {
  const checkout = await checkoutWithConsole();
  expect(await start(checkout, 'doctor')).toBe('');
});

test('a page that cannot be built keeps nobody from starting, and leaves the one before', async () => {
  const checkout = await checkoutWithConsole();
  await start(checkout);
  await checkout.write('apps/console/index.html', 'broken');
  expect(await start(checkout)).toMatch(/could not be built; the service runs without it[\s\S]*this page is broken/);
  expect(await builtPage(checkout)).toBe('built from one');
});

test('without the packages for development a line says what is missing', async () => {
  const checkout = await checkoutWithConsole({ vite: false });
  expect(await start(checkout)).toMatch(/is not built.*npm ci/);
});

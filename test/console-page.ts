import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { ensureConsole } from '../scripts/bootstrap/console.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where the console is built to. */
export const builtConsole = `${root}apps/console/dist`;

/** Builds the page of the sources as they are; the API that is started next serves it. */
export async function buildConsole(): Promise<void> {
  const said: string[] = [];
  const surroundings = { root, env: process.env, node: process.execPath, say: (line: string) => void said.push(line) };
  if (!(await ensureConsole(surroundings))) throw new Error(said.join('\n'));
}

export async function signIn(page: Page, key: string, name = ''): Promise<void> {
  await page.getByLabel('Operator key').fill(key);
  await page.getByLabel('Your name').fill(name);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

export async function press(page: Page, ...keys: string[]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** The operator is let in, and everything has come: no place is left that only stands for something. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('nav.pages');
  await page.waitForSelector('main h1');
  await page.waitForSelector('.skeleton', { state: 'detached' });
}

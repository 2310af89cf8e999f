import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** A Chromium of this machine: `CHROME_PATH`, or one in the PATH; null when there is none. Nothing is ever downloaded. */
export function findBrowser(env: NodeJS.ProcessEnv): string | null {
  const candidates = (env['PATH'] ?? '').split(':').flatMap((directory) => names.map((name) => join(directory, name)));
  return [env['CHROME_PATH'] ?? '', ...candidates].find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  if (path === '') return false;
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Without a sandbox of its own, which a container (or root) does not give it: it only sees pages of the tests. */
export function startBrowser(path: string): Promise<Browser> {
  return chromium.launch({ executablePath: path, args: ['--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage'] });
}

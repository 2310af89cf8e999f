import { join } from 'node:path';
import { findOnPath } from './find.mjs';
import { runCommand } from './run-command.mjs';

const BREW_TIMEOUT_MS = 600_000;

/**
 * `brew install` starts no service; that would be `brew services start`.
 *
 * @param {{ env: NodeJS.ProcessEnv, say: (line: string) => void }} options
 * @returns {Promise<import('./apt.mjs').Installed>}
 */
export async function installFromHomebrew({ env, say }) {
  say('installing Homebrew’s redis (no service is started)');
  const installed = await runCommand('brew', ['install', '--quiet', 'redis'], { env, timeoutMs: BREW_TIMEOUT_MS });
  const prefix = await runCommand('brew', ['--prefix'], { env, timeoutMs: BREW_TIMEOUT_MS });
  const path = findOnPath('redis-server', { PATH: join(prefix.stdout.trim(), 'bin') });
  if (path !== undefined) return { kind: 'installed', path };
  return { kind: 'failed', reason: `brew install redis failed: ${installed.output.trim().split('\n').at(-1)}` };
}

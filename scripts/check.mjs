/** `npm run check`: format and lint, promises, types, dead code. All at once, and every complaint is shown. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCommand } from '../packages/local-redis/src/redis-server/run-command.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CHECK_TIMEOUT_MS = 600_000;

const checks = [
  { name: 'format and lint', command: ['biome', 'check', '.'] },
  { name: 'promises', command: ['oxlint', '--type-aware', '.'] },
  { name: 'types', command: ['tsc', '-p', '.', '--noEmit'] },
  { name: 'types of the console', command: ['tsc', '-p', 'apps/console', '--noEmit'] },
  { name: 'dead code', command: ['knip', '--no-config-hints'] },
];

const results = await Promise.all(checks.map(run));
const failed = results.filter(({ ok }) => !ok);
for (const { name, output } of failed) console.log(`\n--- ${name} ---\n${output.trim()}`);
console.log(failed.length === 0 ? '\ncheck: all passed' : `\ncheck: ${failed.length} of ${results.length} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;

/**
 * @param {{ name: string, command: readonly string[] }} check
 * @returns {Promise<{ name: string, ok: boolean, output: string }>}
 */
async function run({ name, command: [tool = '', ...args] }) {
  const startedMs = performance.now();
  const program = join(ROOT, 'node_modules', '.bin', tool);
  const { ok, output } = await runCommand(program, args, { cwd: ROOT, env: process.env, timeoutMs: CHECK_TIMEOUT_MS });
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${tool}, ${seconds} s)`);
  return { name, ok, output };
}

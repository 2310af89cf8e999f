/** `npm run check`: format and lint, promises, types, dead code. All at once, and every complaint is shown. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const CHECK_TIMEOUT_MS = 120_000;

const checks = [
  { name: 'format and lint', command: ['biome', 'check', '.'] },
  { name: 'promises', command: ['oxlint', '--type-aware', '.'] },
  { name: 'types', command: ['tsc', '-p', '.', '--noEmit'] },
  { name: 'dead code', command: ['knip'] },
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
function run({ name, command: [tool = '', ...args] }) {
  const startedMs = performance.now();
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(join(ROOT, 'node_modules', '.bin', tool), args, {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: CHECK_TIMEOUT_MS,
    });
    const collect = (/** @type {Buffer} */ chunk) => {
      output += chunk;
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.once('error', (error) => resolve({ name, ok: false, output: error.message }));
    child.once('close', (code, signal) => {
      const ok = code === 0;
      const seconds = ((performance.now() - startedMs) / 1000).toFixed(1);
      console.log(`${ok ? 'ok  ' : 'FAIL'} ${name} (${tool}, ${seconds} s${signal === null ? '' : `, ${signal}`})`);
      resolve({ name, ok, output });
    });
  });
}

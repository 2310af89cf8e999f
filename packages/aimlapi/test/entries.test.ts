import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const loads = (entry: string) => {
  const script = `
    import { createRequire } from 'node:module';
    await import('${entry}');
    console.log(Object.keys(createRequire(import.meta.url).cache).some((path) => path.includes('/undici/')));`;
  const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
  return execFileSync(process.execPath, ['--input-type=module', '--eval', script], options).trim() === 'true';
};

test.each([
  ['@video-proxy/aimlapi/catalog', false],
  ['@video-proxy/aimlapi/api-key', false],
  ['@video-proxy/aimlapi', true],
])('%s loads the HTTP client: %s', (entry, expected) => {
  expect(loads(entry)).toBe(expected);
});

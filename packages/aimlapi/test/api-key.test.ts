import { mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fingerprintOf, openApiKey } from '@video-proxy/aimlapi';
import { describe, expect, test } from 'vitest';
import { key } from './scripted-provider.ts';

const otherKey = key.split('').toReversed().join('');

async function keyDirectory() {
  const path = await mkdtemp(join(tmpdir(), 'video-proxy-key-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

test('a fingerprint is the first 8 hexadecimal digits of the SHA-256', () => {
  expect(fingerprintOf('abc')).toBe('ba7816bf');
});

describe('a key from the environment', () => {
  test('is used as it is, with a fingerprint and no finding', () => {
    const current = openApiKey({ value: key }).current();
    expect(current).toMatchObject({ value: key, fingerprint: fingerprintOf(key), finding: null });
    expect(current.inspection).toMatchObject({ state: 'loaded' });
  });

  test.each([undefined, '', '  '])('is missing when it is %j', (value) => {
    expect(openApiKey({ value }).current()).toMatchObject({
      inspection: { state: 'missing' },
      value: null,
      fingerprint: null,
      finding: expect.any(String),
    });
  });

  test('is never given out when it is malformed, but can be recognised', () => {
    const current = openApiKey({ value: `"${key}"` }).current();
    expect(current).toMatchObject({
      inspection: { flaw: 'quoted' },
      value: null,
      fingerprint: fingerprintOf(`"${key}"`),
    });
    expect(current.finding).not.toContain(key);
  });

  test('wins over a file', () => {
    expect(openApiKey({ value: key, filePath: '/nowhere' }).current().value).toBe(key);
  });
});

describe('a key from a file', () => {
  test.each(['', '\n', '\r\n'])('is read without one line break at its end (%j)', async (ending) => {
    await using directory = await keyDirectory();
    const filePath = join(directory.path, 'key');
    await writeFile(filePath, key + ending);
    expect(openApiKey({ filePath }).current()).toMatchObject({ value: key, finding: null });
  });

  test('is malformed with more than one line break: the file holds something else', async () => {
    await using directory = await keyDirectory();
    const filePath = join(directory.path, 'key');
    await writeFile(filePath, `${key}\n\n`);
    expect(openApiKey({ filePath }).current()).toMatchObject({
      inspection: { flaw: 'surrounding_space' },
      value: null,
    });
  });

  test('is read again after a change, at most once a second', async () => {
    await using directory = await keyDirectory();
    const filePath = join(directory.path, 'key');
    await writeFile(filePath, key);
    let nowMs = 0;
    const source = openApiKey({ filePath, now: () => nowMs });
    await writeFile(filePath, `${otherKey}\n`);
    nowMs = 999;
    expect(source.current().value).toBe(key);
    nowMs = 1000;
    expect(source.current().value).toBe(otherKey);
  });

  test('is read again at once on demand', async () => {
    await using directory = await keyDirectory();
    const filePath = join(directory.path, 'key');
    await writeFile(filePath, key);
    const source = openApiKey({ filePath, now: () => 0 });
    await writeFile(filePath, `${otherKey}\n`);
    expect(source.reload().value).toBe(otherKey);
    expect(source.current().value).toBe(otherKey);
  });

  test('is read again when the new one keeps the time and the size of the old', async () => {
    await using directory = await keyDirectory();
    const filePath = join(directory.path, 'key');
    const write = async (value: string) => {
      await writeFile(filePath, value);
      await utimes(filePath, 1_700_000_000, 1_700_000_000);
    };
    await write(key);
    const source = openApiKey({ filePath });
    await write(otherKey);
    expect(source.reload().value).toBe(otherKey);
  });

  test('is followed through a swapped symbolic link, as secrets are mounted', async () => {
    await using directory = await keyDirectory();
    const at = (name: string) => join(directory.path, name);
    for (const [version, value] of [
      ['v1', key],
      ['v2', otherKey],
    ] as const) {
      await mkdir(at(version));
      await writeFile(join(at(version), 'key'), value);
    }
    await symlink('v1', at('data'));
    const source = openApiKey({ filePath: join(at('data'), 'key') });
    expect(source.current().value).toBe(key);
    await symlink('v2', at('next'));
    await rename(at('next'), at('data'));
    expect(source.reload().value).toBe(otherKey);
  });

  test('is missing, with the cause and without the path, while the file cannot be read, and comes back', async () => {
    await using directory = await keyDirectory();
    const filePath = join(directory.path, 'key');
    const source = openApiKey({ filePath });
    const missing = { inspection: { state: 'missing' }, value: null, fingerprint: null };
    expect(source.current()).toMatchObject({
      ...missing,
      finding: 'the file that AI_ML_API_KEY_FILE names cannot be read (ENOENT)',
    });
    await writeFile(filePath, key);
    expect(source.reload().value).toBe(key);
    await rm(filePath);
    expect(source.reload()).toMatchObject(missing);
  });

  test.each<[string, (path: string) => Promise<unknown>, RegExp]>([
    ['a directory', (path) => mkdir(path), /is not a file$/],
    ['empty', (path) => writeFile(path, '\n'), /is empty$/],
    ['another file', (path) => writeFile(path, 'x'.repeat(10_000)), /is larger than 8192 bytes$/],
  ])('is missing when the path is %s', async (_, make, finding) => {
    await using directory = await keyDirectory();
    const filePath = join(directory.path, 'key');
    await make(filePath);
    const current = openApiKey({ filePath }).current();
    expect(current.inspection.state).toBe('missing');
    expect(current.finding).toMatch(finding);
  });
});

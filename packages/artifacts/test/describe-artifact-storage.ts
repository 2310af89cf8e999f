import { createHash, randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { ArtifactStorage } from '@video-proxy/core';
import { describe, expect, test } from 'vitest';
import { openWorkspace } from './workspace.ts';

/** What every storage guarantees. `open` gives a new, empty storage; it is disposed of at the end of the test. */
export function describeArtifactStorage(
  name: string,
  open: () => Promise<AsyncDisposable & { readonly storage: ArtifactStorage }>,
): void {
  describe(`the artifact storage "${name}"`, () => {
    test('gives back what it took over, and the local file is gone', async () => {
      await using opened = await open();
      await using workspace = await openWorkspace();
      const content = randomBytes(700_000);
      const path = await workspace.write('local', content);

      await opened.storage.put('ab/video_1.mp4', path);

      expect(await opened.storage.stat('ab/video_1.mp4')).toEqual({ sizeBytes: 700_000 });
      expect(digest(await read(opened.storage, 'ab/video_1.mp4'))).toBe(digest(content));
      await expect(access(path)).rejects.toThrow('ENOENT');
    });

    test('opens any part of a file, both ends included', async () => {
      await using opened = await openWith(open, '0123456789');
      const part = async (start: number, end: number) =>
        String(await read(opened.storage, 'ab/video_1.mp4', { start, end }));
      expect(await part(0, 0)).toBe('0');
      expect(await part(2, 5)).toBe('2345');
      expect(await part(9, 9)).toBe('9');
      expect(await part(0, 9)).toBe('0123456789');
    });

    test('knows nothing under a key that was never used', async () => {
      await using opened = await openWith(open, 'something');
      for (const key of ['ab/video_2.mp4', 'video_1.mp4', 'ab', 'ab/video_1.mp4/more']) {
        expect(await opened.storage.stat(key)).toBeNull();
        expect(await opened.storage.open(key)).toBeNull();
      }
    });

    test('replaces a file as a whole, and a reader who began before sees the old one to its end', async () => {
      await using opened = await openWith(open, 'a'.repeat(2_000_000));
      await using workspace = await openWorkspace();
      const before = (await opened.storage.open('ab/video_1.mp4')) ?? expect.fail('the file is there');
      const reader = before[Symbol.asyncIterator]();
      const first = await reader.next();

      await opened.storage.put('ab/video_1.mp4', await workspace.write('local', 'bb'));

      const chunks = [first.value];
      for (let next = await reader.next(); next.done !== true; next = await reader.next()) chunks.push(next.value);
      const content = Buffer.concat(chunks);
      expect(content.length).toBe(2_000_000);
      expect(content.every((byte) => byte === 'a'.charCodeAt(0))).toBe(true);
      expect(String(await read(opened.storage, 'ab/video_1.mp4'))).toBe('bb');
    });

    test('survives two takeovers of one key at once with one of the two files', async () => {
      await using opened = await open();
      await using workspace = await openWorkspace();
      const contents = ['a', 'b'].map((letter) => letter.repeat(300_000));
      const paths = await Promise.all(contents.map((content, index) => workspace.write(`local-${index}`, content)));

      await Promise.all(paths.map((path) => opened.storage.put('ab/video_1.mp4', path)));

      expect(contents).toContain(String(await read(opened.storage, 'ab/video_1.mp4')));
    });

    test('leaves nothing under a key whose takeover failed', async () => {
      await using opened = await open();
      await using workspace = await openWorkspace();
      await expect(opened.storage.put('ab/video_1.mp4', `${workspace.directory}/missing`)).rejects.toThrow();
      expect(await opened.storage.stat('ab/video_1.mp4')).toBeNull();
    });

    test('deletes a file once, twice and without there being one', async () => {
      await using opened = await openWith(open, 'something');
      await opened.storage.delete('ab/video_1.mp4');
      await opened.storage.delete('ab/video_1.mp4');
      await opened.storage.delete('cd/never.mp4');
      expect(await opened.storage.stat('ab/video_1.mp4')).toBeNull();
    });

    test('lets go of a file whose reader leaves in the middle', async () => {
      await using opened = await openWith(open, 'a'.repeat(2_000_000));
      const stream = (await opened.storage.open('ab/video_1.mp4')) ?? expect.fail('the file is there');
      const reader = stream[Symbol.asyncIterator]();
      await reader.next();
      await reader.return?.();
      await opened.storage.delete('ab/video_1.mp4');
      expect(await opened.storage.stat('ab/video_1.mp4')).toBeNull();
    });

    test.each([
      '',
      '/etc/passwd',
      '../outside.mp4',
      'ab/../../outside.mp4',
      'ab//video.mp4',
      'ab/./video.mp4',
      'ab/video.mp4/',
      '.incoming/video.mp4',
      'ab\\..\\video.mp4',
      'ab/video\u0000.mp4',
      'ab/vidéo.mp4',
      'C:video.mp4',
      `${'a'.repeat(201)}`,
    ])('refuses the key %j in every operation', async (key) => {
      await using opened = await open();
      await using workspace = await openWorkspace();
      const path = await workspace.write('local', 'content');
      const refusal = { code: 'storage_key_invalid' };
      await expect(opened.storage.put(key, path)).rejects.toMatchObject(refusal);
      await expect(opened.storage.stat(key)).rejects.toMatchObject(refusal);
      await expect(opened.storage.open(key)).rejects.toMatchObject(refusal);
      await expect(opened.storage.delete(key)).rejects.toMatchObject(refusal);
      await access(path);
    });

    test('says that it works when it does', async () => {
      await using opened = await open();
      await expect(opened.storage.check()).resolves.toBeUndefined();
    });
  });
}

async function openWith(open: () => Promise<AsyncDisposable & { readonly storage: ArtifactStorage }>, content: string) {
  const opened = await open();
  await using workspace = await openWorkspace();
  await opened.storage.put('ab/video_1.mp4', await workspace.write('local', content));
  return opened;
}

async function read(storage: ArtifactStorage, key: string, range?: { start: number; end: number }): Promise<Buffer> {
  return buffer((await storage.open(key, range)) ?? expect.fail(`nothing under ${key}`));
}

function digest(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}

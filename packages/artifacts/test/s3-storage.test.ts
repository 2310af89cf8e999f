import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { openStorage } from '@video-proxy/artifacts';
import { findMinioImage, type S3Server, startMinio, startS3Server } from '@video-proxy/testkit';
import { describe, expect, test } from 'vitest';
import { describeArtifactStorage } from './describe-artifact-storage.ts';
import { openWorkspace } from './workspace.ts';

function storageOn(server: S3Server, changes: { url?: string; endpoint?: string; secretAccessKey?: string } = {}) {
  return openStorage(changes.url ?? `s3://${server.bucket}/some/prefix`, {
    endpoint: changes.endpoint ?? server.url,
    region: 'eu-central-1',
    forcePathStyle: true,
    credentials: { ...server.keys, ...(changes.secretAccessKey && { secretAccessKey: changes.secretAccessKey }) },
  });
}

describeArtifactStorage('s3', async () => {
  const server = await startS3Server();
  return { storage: storageOn(server), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
});

const minioImage = await findMinioImage(process.env);

describe.skipIf(minioImage === null)('with MinIO in a container (needs Docker)', () => {
  describeArtifactStorage('s3, MinIO', async () => {
    const minio = await startMinio(minioImage ?? '');
    const place = { region: 'us-east-1', forcePathStyle: true, endpoint: minio.url, credentials: minio.keys };
    await new S3Client(place).send(new CreateBucketCommand({ Bucket: 'videos' }));
    return { storage: openStorage('s3://videos', place), [Symbol.asyncDispose]: () => minio[Symbol.asyncDispose]() };
  });
});

const twentyMegabytes = randomBytes(20 * 1024 * 1024);

describe('a bucket', () => {
  test('gets a large file in parts, with its type, below the prefix', async () => {
    await using server = await startS3Server();
    await using workspace = await openWorkspace();
    await storageOn(server).put('ab/video_1.mp4', await workspace.write('local', twentyMegabytes));
    const stored = server.objects.get('some/prefix/ab/video_1.mp4') ?? expect.fail('the object is there');
    expect(stored.content.equals(twentyMegabytes)).toBe(true);
    expect(stored.contentType).toBe('video/mp4');
    expect([...server.objects.keys()]).toHaveLength(1);
  });

  test.each<[string, { status: number; code: string } | 'reset']>([
    ['asks to slow down', { status: 503, code: 'SlowDown' }],
    ['breaks the connection', 'reset'],
  ])('that %s in the middle of an upload gets the part again', async (_what, how) => {
    await using server = await startS3Server();
    await using workspace = await openWorkspace();
    server.failNext(({ url }) => url?.includes('partNumber=2') === true, how);
    await storageOn(server).put('ab/video_1.mp4', await workspace.write('local', twentyMegabytes));
    expect(server.objects.get('some/prefix/ab/video_1.mp4')?.content.equals(twentyMegabytes)).toBe(true);
  });

  test('keeps no parts of an upload that failed, and the local file stays', async () => {
    await using server = await startS3Server();
    await using workspace = await openWorkspace();
    const path = await workspace.write('local', twentyMegabytes);
    server.failNext(({ url }) => url?.includes('partNumber=2') === true, { status: 403, code: 'AccessDenied' });
    await expect(storageOn(server).put('ab/video_1.mp4', path)).rejects.toThrow('AccessDenied');
    expect(server.openUploads()).toBe(0);
    expect(server.objects.size).toBe(0);
    await access(path);
  });

  test('gives links that anybody can read for a while, with a name and a type', async () => {
    await using server = await startS3Server();
    await using workspace = await openWorkspace();
    const storage = storageOn(server);
    await storage.put('ab/video_1.mp4', await workspace.write('local', 'content'));
    const shown = { disposition: 'attachment; filename="kite.mp4"', lifetimeSeconds: 60 };
    const link = (await storage.link('ab/video_1.mp4', shown)) ?? expect.fail('a link');
    const response = await fetch(link, { headers: { range: 'bytes=1-3' } });
    expect(await response.text()).toBe('ont');
    expect(response.headers.get('content-type')).toBe('video/mp4');
    expect(response.headers.get('content-disposition')).toBe(shown.disposition);
    expect((await fetch(link.replace('video_1', 'video_2'))).status).toBe(403);
  });

  test('is read as a stream, whatever its size', async () => {
    await using server = await startS3Server();
    await using workspace = await openWorkspace();
    const storage = storageOn(server, { url: `s3://${server.bucket}` });
    await storage.put('ab/video_1.mp4', await workspace.write('local', twentyMegabytes));
    const stream = (await storage.open('ab/video_1.mp4')) ?? expect.fail('a stream');
    expect((await buffer(stream)).equals(twentyMegabytes)).toBe(true);
  });
});

describe('a check names the cause:', () => {
  test.each<[string, Parameters<typeof storageOn>[1], RegExp]>([
    ['no such bucket', { url: 's3://other-bucket' }, /there is no such bucket/],
    ['a wrong secret', { secretAccessKey: 'hunter2' }, /AWS_SECRET_ACCESS_KEY \(SignatureDoesNotMatch\)/],
    ['nobody there', { endpoint: 'http://127.0.0.1:9' }, /refuses connections/],
    ['no such name', { endpoint: 'http://nowhere.invalid' }, /cannot be resolved/],
  ])('%s', async (_what, changes, words) => {
    await using server = await startS3Server();
    const checked = storageOn(server, changes).check();
    await expect(checked).rejects.toThrow(words);
    await expect(checked).rejects.not.toThrow(/hunter2/);
  });

  test('a bucket that may be read only', async () => {
    await using server = await startS3Server();
    server.failNext(({ method }) => method === 'PUT', { status: 403, code: 'AccessDenied' });
    await expect(storageOn(server).check()).rejects.toThrow(/policy of the bucket \(AccessDenied\)/);
  });
});

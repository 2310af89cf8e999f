import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { appendFile, copyFile, mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createArtifactFetcher, openFileStorage } from '@video-proxy/artifacts';
import { Agent, request } from 'undici';
import { finishedJobWith } from './finish-jobs.ts';
import { takeTurns } from './load.ts';
import { clientKey, type Surroundings, startApi, startBaseline } from './processes.ts';
import type { Measurement } from './results.ts';

const megabyte = 1024 * 1024;
const storedMegabytes = 400;
const servedMegabytes = 100;
const rounds = 5;
const downloadsPerRound = 20;
const downloadsAtOnce = 4;
const viewers = 200;
const seeksOfViewer = 20;
const seekBytes = 256 * 1024;

export async function measureFiles(surroundings: Surroundings): Promise<Measurement[]> {
  return [await measureStore(surroundings), ...(await measureServing(surroundings))];
}

/** A video that is as valid as the small one it is made of, with free space at its end. */
async function writeVideo(path: string, megabytes: number): Promise<void> {
  const small = fileURLToPath(new URL('../packages/artifacts/test/fixtures/faststart.mp4', import.meta.url));
  await copyFile(small, path);
  const header = Buffer.from([0, 0, 0, 0, ...Buffer.from('free')]);
  header.writeUInt32BE(megabytes * megabyte);
  const noise = randomBytes(megabyte);
  await appendFile(path, header);
  for (let written = 0; written < megabytes; written += 1) {
    await appendFile(path, written === 0 ? noise.subarray(header.length) : noise);
  }
}

async function measureStore({ dataDir }: Surroundings): Promise<Measurement> {
  const directory = join(dataDir, 'store-bench');
  await mkdir(directory, { recursive: true });
  const source = join(directory, 'source.mp4');
  await writeVideo(source, storedMegabytes);
  const { size } = await stat(source);
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-length': size });
    createReadStream(source, { highWaterMark: megabyte }).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  await using fetcher = createArtifactFetcher({
    storage: openFileStorage({ directory: join(directory, 'files') }),
    temporaryDirectory: join(directory, 'tmp'),
    limits: { sizeBytesMax: 2e9, timeoutMs: 120_000, idleTimeoutMs: 30_000 },
    searchPath: '',
    allowedOrigins: [origin],
  });
  const agent = new Agent();
  const bytesPerSecond = async (work: () => Promise<unknown>) => {
    const begunMs = performance.now();
    await work();
    return size / ((performance.now() - begunMs) / 1_000);
  };
  const ours = () =>
    bytesPerSecond(async () => {
      const outcome = await fetcher.fetch({ jobId: 'video_bench', attempt: 1, url: `${origin}/a.mp4` }, neverAborted);
      if (outcome.kind !== 'stored') throw new Error(`not stored: ${outcome.kind}`);
    });
  const bare = () =>
    bytesPerSecond(async () => {
      const { body } = await request(`${origin}/a.mp4`, { dispatcher: agent });
      await pipeline(body, createWriteStream(join(directory, 'bare.mp4')));
    });
  console.log(`storing a video of ${storedMegabytes} MB: ${rounds} rounds on each side …`);
  const comparison = await takeTurns(rounds, { ours, bare });
  await agent.close();
  server.closeAllConnections();
  server.close();
  await rm(directory, { recursive: true });
  return { what: `storing ${storedMegabytes} MB, verified`, unit: 'bytes/s', comparison, target: { ratioMin: 0.7 } };
}

const neverAborted = new AbortController().signal;

async function measureServing(surroundings: Surroundings): Promise<Measurement[]> {
  const { dataDir, redisUrl } = surroundings;
  const filesDir = join(dataDir, 'files');
  await mkdir(filesDir, { recursive: true });
  await writeFile(join(filesDir, 'film.mp4'), randomBytes(servedMegabytes * megabyte));
  await using api = await startApi(surroundings);
  await using bare = await startBaseline('static', redisUrl, { FILES_DIR: filesDir });
  const id = await finishedJobWith(redisUrl, api.url, {
    storageKey: 'film.mp4',
    sizeBytes: servedMegabytes * megabyte,
  });
  const film = `${api.url}/v1/jobs/${id}/video`;
  console.log(`serving a video of ${servedMegabytes} MB: ${rounds} rounds on each side …`);
  const comparison = await takeTurns(rounds, {
    ours: () => served(film),
    bare: () => served(`${bare.url}/film.mp4`),
  });
  console.log(`${viewers} viewers seeking at once …`);
  return [
    { what: `serving ${servedMegabytes} MB`, unit: 'bytes/s', comparison, target: { ratioMin: 0.7 } },
    {
      what: `${viewers} viewers, seeks that failed`,
      unit: 'requests',
      ours: await failedSeeks(film),
      target: { max: 0 },
    },
  ];
}

/** Bytes a second of several downloads at once. */
async function served(url: string): Promise<number> {
  const begunMs = performance.now();
  let left = downloadsPerRound;
  const agent = new Agent({ connections: downloadsAtOnce });
  const viewer = async () => {
    while (left > 0) {
      left -= 1;
      const { statusCode, body } = await request(url, {
        headers: { authorization: `Bearer ${clientKey}` },
        dispatcher: agent,
      });
      if (statusCode !== 200) throw new Error(`${url}: ${statusCode}`);
      await body.dump({ limit: Number.MAX_SAFE_INTEGER });
    }
  };
  await Promise.all(Array.from({ length: downloadsAtOnce }, viewer));
  await agent.close();
  return (downloadsPerRound * servedMegabytes * megabyte) / ((performance.now() - begunMs) / 1_000);
}

async function failedSeeks(url: string): Promise<number> {
  let failed = 0;
  const agent = new Agent({ connections: viewers });
  const viewer = async () => {
    for (let seeks = 0; seeks < seeksOfViewer; seeks += 1) {
      const start = Math.floor(Math.random() * (servedMegabytes * megabyte - seekBytes));
      const headers = { authorization: `Bearer ${clientKey}`, range: `bytes=${start}-${start + seekBytes - 1}` };
      const arrived = await request(url, { headers, dispatcher: agent })
        .then(async ({ statusCode, body }) => (statusCode === 206 ? (await body.arrayBuffer()).byteLength : 0))
        .catch(() => 0);
      if (arrived !== seekBytes) failed += 1;
    }
  };
  await Promise.all(Array.from({ length: viewers }, viewer));
  await agent.close();
  return failed;
}

/**
 * A video through the SDK of OpenAI, which finds this service by OPENAI_BASE_URL (http://localhost:8080/v1) and OPENAI_API_KEY
 * (a client key): node examples/openai-videos.ts 'A paper boat in a rain gutter' boat.mp4
 */
import { randomUUID } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import OpenAI from 'openai';

const [prompt = 'A paper boat in a rain gutter', path = 'video.mp4'] = process.argv.slice(2);
const say = (text: string) => process.stdout.write(`${text}\n`);

const openai = new OpenAI();
let video = await openai.videos.create(
  { model: 'sora-2', prompt, seconds: '4', size: '1280x720' },
  // The SDK repeats a request whose answer was lost; with the key that can never buy a second video.
  { headers: { 'Idempotency-Key': randomUUID() } },
);
say(`${video.id} asked for`);

while (video.status === 'queued' || video.status === 'in_progress') {
  await pause(5_000);
  video = await openai.videos.retrieve(video.id);
  say(`${video.status}, ${video.progress} %`);
}

if (video.status === 'failed') {
  say(`failed: ${video.error?.message}`);
  process.exitCode = 1;
} else {
  const content = await openai.videos.downloadContent(video.id);
  await writeFile(path, Buffer.from(await content.arrayBuffer()));
  say(`saved as ${path}`);
}

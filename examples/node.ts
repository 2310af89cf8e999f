/**
 * A video through this project's own client, which waits through restarts and checks what it saves. VIDEO_PROXY_URL says where
 * the service is, VIDEO_PROXY_KEY is a client key: node examples/node.ts 'A paper boat in a rain gutter' boat.mp4
 */
import { openClient } from '@video-proxy/client';
import { download } from '@video-proxy/client/node';

const [prompt = 'A paper boat in a rain gutter', path = 'video.mp4'] = process.argv.slice(2);
const { VIDEO_PROXY_URL: baseUrl = 'http://localhost:8080', VIDEO_PROXY_KEY: apiKey = null } = process.env;
const say = (text: string) => process.stdout.write(`${text}\n`);

const client = openClient({ baseUrl, apiKey });
const { id } = await client.createJob({ model: 'google/veo-3.1-t2v-fast', prompt, parameters: { duration: 4 } });
say(`${id} asked for`);

const job = await client.waitForJob(id, { onChange: ({ phase, progress }) => say(`${phase}, ${progress} %`) });

if (job.error !== null) {
  say(`failed: ${job.error.message} (${job.error.code}, billed: ${job.error.billed}, request id ${job.request_id})`);
  process.exitCode = 1;
} else {
  await download(client, job, path);
  say(`saved as ${path}`);
}

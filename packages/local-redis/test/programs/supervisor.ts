/** Starts a private Redis on the directory it is given and stays, as `npm start` does. */
import { startLocalRedis } from '@video-proxy/local-redis';

const [dataDir = ''] = process.argv.slice(2);
const redis = await startLocalRedis({ dataDir, persistence: 'append-only', env: process.env });
process.stdout.write(`redis ${redis.pid} at ${redis.url}\n`);
setInterval(() => {}, 1_000);

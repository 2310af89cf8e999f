/**
 * What the tests of all packages stand on: one real Redis a run with a namespace a test, a Sentinel and a Cluster, real processes that cannot be
 * left behind, and a TCP proxy that breaks on request. Nothing under any `src` but tests imports this.
 */

export { findMinioImage, type Minio, startMinio } from './minio.ts';
export {
  hasRedisServerProgram,
  type RedisTopology,
  startCluster,
  startReplicated,
  startSentinel,
} from './redis-topologies.ts';
export { type S3Server, startS3Server } from './s3-server.ts';
export { type ProcessExit, type SpawnedProcess, type SpawnOptions, spawnProcess } from './spawned-process.ts';
export { type StoredKeys, writeStoredKeys } from './stored-keys.ts';
export { startTcpProxy, type TcpProxy } from './tcp-proxy.ts';
export { connectToTestRedis, testRedisUrl } from './test-connection.ts';
export { fileNamespace, testNamespace } from './test-namespace.ts';
export { type ReceivedCall, startWebhookReceiver, type WebhookReceiver } from './webhook-receiver.ts';

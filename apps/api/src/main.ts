import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openApiKey } from '@video-proxy/aimlapi/api-key';
import { keyAnnouncement } from '@video-proxy/core';
import { UnsafeStoreError } from '@video-proxy/ledger';
import { namingTraces } from '@video-proxy/telemetry';
import closeWithGrace from 'close-with-grace';
import { loadConfig } from './config.ts';
import { openLog } from './log.ts';
import { openApi, type RunningApi } from './wiring.ts';

/** Given by `npm start`, which has announced the key for all its processes. */
const supervised = process.argv.includes('--supervised');
/**
 * Longer than clients may keep a connection. Taking leave of Redis comes after them and is a courtesy: a Redis that hangs must
 * not make an orderly end look like a failed one.
 */
const closeTimeoutMs = 9_000;
/** Before `npm start` loses its patience. */
const killTimeoutMs = 9_500;

const loaded = loadConfig(process.env);
if (loaded.kind === 'invalid') {
  for (const problem of loaded.problems) writeSync(2, `${problem}\n`);
  process.exit(1);
}
const { config } = loaded;

// Before anything that can fail: the state of the key has to be the first line of the log.
const key = openApiKey(config.key);
const { inspection, fingerprint } = key.current();
if (!supervised) writeSync(1, `${keyAnnouncement(inspection, fingerprint)}\n`);

const log = openLog(config.logLevel, process.stdout.isTTY, namingTraces(config.traces));
let api: RunningApi | null = null;

// Before anything is opened: who is told to end while it starts ends in order too.
const grace = closeWithGrace({ delay: killTimeoutMs, logger: log }, async ({ err, signal }) => {
  if (err) log.fatal({ err }, 'the API ends because of an unexpected error');
  else log.info({ signal }, 'the API ends');
  await Promise.race([api?.[Symbol.asyncDispose](), pause(closeTimeoutMs)]);
  log.flush();
});

// A supervisor that is killed while this process still starts would otherwise go unnoticed.
const abandon = () => void grace.close();
if (supervised) process.once('disconnect', abandon);
if (supervised && process.connected === false) abandon();

api = await openApi(config, key, log).catch((error: unknown) => {
  writeSync(2, `${reasonOf(error)}\n`);
  process.exit(1);
});
writeSync(1, `Video proxy listening on port ${api.port}\n`);

api.storeChecked.catch((error: unknown) => {
  log.fatal(reasonOf(error));
  log.flush();
  process.exit(1);
});

/** What an operator can mend is said in one line; everything else keeps its stack. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof UnsafeStoreError) return error.message;
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') return `PORT: ${config.port} is in use; stop what listens there, or set another PORT`;
  if (code === 'EACCES') return `PORT: ${config.port} may not be used by this user; set a PORT above 1023`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `HOST: ${config.host} is not an address of this machine`;
  return error.stack ?? error.message;
}

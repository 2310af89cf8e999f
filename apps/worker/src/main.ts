import { writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { openApiKey } from '@video-proxy/aimlapi';
import { keyAnnouncement } from '@video-proxy/core';
import { UnsafeStoreError } from '@video-proxy/ledger';
import { namingTraces } from '@video-proxy/telemetry';
import closeWithGrace from 'close-with-grace';
import { loadConfig } from './config.ts';
import { openLog } from './log.ts';
import { openWorker } from './wiring.ts';

/** Given by `npm start`, which has announced the key for all its processes. */
const supervised = process.argv.includes('--supervised');
/**
 * Longer than the queue waits for the steps in hand. Taking leave of Redis comes after them and is a courtesy: a Redis that
 * hangs must not make an orderly end look like a failed one.
 */
const closeTimeoutMs = 9_000;
/** Before `npm start` loses its patience. */
const killTimeoutMs = 9_500;

const loaded = loadConfig(process.env);
if (loaded.kind === 'invalid') {
  for (const problem of loaded.problems) writeSync(2, `${problem}\n`);
  process.exit(1);
}

// Before anything that can fail: the state of the key has to be the first line of the log.
const key = openApiKey(loaded.config.key);
const { inspection, fingerprint } = key.current();
if (!supervised) writeSync(1, `${keyAnnouncement(inspection, fingerprint)}\n`);

const { logLevel, traces } = loaded.config;
const log = openLog(logLevel, process.stdout.isTTY, namingTraces(traces));
let worker: AsyncDisposable | null = null;

// Before anything is opened: who is told to end while it starts ends in order too.
const grace = closeWithGrace({ delay: killTimeoutMs, logger: log }, async ({ err, signal }) => {
  if (err) log.fatal({ err }, 'the worker ends because of an unexpected error');
  else log.info({ signal }, 'the worker ends');
  await Promise.race([worker?.[Symbol.asyncDispose](), pause(closeTimeoutMs)]);
});

// A supervisor that is killed while this process still starts would otherwise go unnoticed.
const abandon = () => void grace.close();
if (supervised) process.once('disconnect', abandon);
if (supervised && process.connected === false) abandon();

worker = await openWorker(loaded.config, key, log).catch((error: unknown) => {
  if (!(error instanceof UnsafeStoreError)) throw error;
  log.fatal(error.message);
  process.exit(1);
});

import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { type ApiKeyInspection, inspectApiKey, type Said, said } from '@video-proxy/core';

/** The first 8 hex digits of the key's SHA-256: tells keys apart without telling them. */
export function fingerprintOf(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}

export interface CurrentApiKey {
  readonly inspection: ApiKeyInspection;
  /** Null when there is no key; a malformed one has a fingerprint too, to recognise it by. */
  readonly fingerprint: string | null;
  /** The key, only when it is fit to be sent. */
  readonly value: string | null;
  /** What is wrong, in one sentence for an operator; null when nothing is. Never holds the key. */
  readonly finding: string | null;
  readonly said: Said | null;
}

export interface ApiKeySource {
  /** Only what stands in a file can change while the process runs. */
  readonly source: 'environment' | 'file';
  /** The key as it is now. Looks at the file at most once a second. */
  current(): CurrentApiKey;
  /** The same, looking at the file now. */
  reload(): CurrentApiKey;
}

export interface ApiKeyOptions {
  /** `AI_ML_API_KEY`; wins over the file. */
  readonly value?: string | undefined;
  /** `AI_ML_API_KEY_FILE`. */
  readonly filePath?: string | undefined;
  readonly now?: () => number;
}

const recheckMs = 1_000;
/** A key has 32 characters; a larger file is another file. */
const fileBytesMax = 8_192;

/** The provider key from the environment or from a file. Reading never throws; a problem is a finding. */
export function openApiKey({ value, filePath, now = Date.now }: ApiKeyOptions): ApiKeySource {
  if (filePath === undefined || filePath === '' || (value !== undefined && value.trim() !== '')) {
    const fixed = keyOf(value);
    return { source: 'environment', current: () => fixed, reload: () => fixed };
  }
  let file = readKeyFile(filePath, null);
  let checkedAtMs = now();
  const reload = () => {
    checkedAtMs = now();
    file = readKeyFile(filePath, file);
    return file.key;
  };
  return { source: 'file', current: () => (now() - checkedAtMs < recheckMs ? file.key : reload()), reload };
}

interface KeyFile {
  readonly key: CurrentApiKey;
  /** Changes whenever the file does, also when a mounted secret is swapped by a symbolic link. */
  readonly version: string;
}

/** A look at the file's metadata, and at its content only if those changed. No watcher: they miss swapped links. */
function readKeyFile(path: string, known: KeyFile | null): KeyFile {
  const unreadable = (why: string, what: Said): KeyFile => {
    // Without the path: `/readyz` shows the finding to anybody, and the operator has set it.
    const finding = `the file that AI_ML_API_KEY_FILE names ${why}`;
    const missing = { inspection: { state: 'missing' }, fingerprint: null, value: null } as const;
    return { key: { ...missing, finding, said: what }, version: why };
  };
  try {
    const stat = statSync(path);
    // The time of the last change of anything, too: a copy may keep the time of writing, and keys have the same length.
    const version = `${stat.dev}:${stat.ino}:${stat.mtimeMs}:${stat.ctimeMs}:${stat.size}`;
    if (known?.version === version) return known;
    if (!stat.isFile()) return unreadable('is not a file', said('key_file_not_a_file'));
    if (stat.size > fileBytesMax) return unreadable(`is larger than ${fileBytesMax} bytes`, said('key_file_too_large'));
    const content = readFileSync(path, 'utf8').replace(/\r?\n$/, '');
    return content.trim() === '' ? unreadable('is empty', said('key_file_empty')) : { key: keyOf(content), version };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    return unreadable(`cannot be read (${code})`, said('key_file_unreadable', { error: code }));
  }
}

function keyOf(raw: string | undefined): CurrentApiKey {
  const inspection = inspectApiKey(raw);
  if (raw === undefined || inspection.state === 'missing') {
    const finding = 'AI_ML_API_KEY is not set';
    return { inspection, fingerprint: null, value: null, finding, said: said('key_not_set') };
  }
  const isFit = inspection.state === 'loaded';
  return {
    inspection,
    fingerprint: fingerprintOf(raw),
    value: isFit ? raw : null,
    finding: isFit ? null : inspection.finding,
    said: isFit ? null : said(`key_${inspection.flaw}`),
  };
}

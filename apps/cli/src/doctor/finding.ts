export type CheckStatus = 'ok' | 'warn' | 'fail';

/** What the provider said, in its own words and in the names of the wire; never a key, never a raw body. */
export interface FindingEvidence {
  readonly status_code: number | null;
  readonly request_id: string | null;
  readonly path: string | null;
  readonly timestamp: string | null;
  readonly kind: string | null;
  readonly message: string | null;
}

/** One line of the diagnosis. */
export interface Finding {
  /** The check that says it. */
  readonly id: CheckId;
  readonly status: CheckStatus;
  /** The named cause, stable for scripts: `key_quoted`, `provider_dns` …; `ok` when there is nothing to do. */
  readonly cause: string;
  readonly finding: string;
  /** What to do next; null when there is nothing to do. */
  readonly action: string | null;
  readonly evidence?: FindingEvidence;
}

/** In the order in which they are printed: from the machine outwards, then the running service. */
export const checkIds = [
  'node',
  'env_file',
  'settings',
  'api_key',
  'base_url',
  'provider',
  'model',
  'redis',
  'data_dir',
  'service',
  'workers',
  'zeabur',
] as const;

export type CheckId = (typeof checkIds)[number];

export function ok(id: CheckId, finding: string): Finding {
  return { id, status: 'ok', cause: 'ok', finding, action: null };
}

export function warn(id: CheckId, cause: string, finding: string, action: string): Finding {
  return { id, status: 'warn', cause, finding, action };
}

export function fail(id: CheckId, cause: string, finding: string, action: string, evidence?: FindingEvidence): Finding {
  return { id, status: 'fail', cause, finding, action, ...(evidence === undefined ? {} : { evidence }) };
}

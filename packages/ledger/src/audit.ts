import type { JsonValue, Said } from '@video-proxy/core';
import { ulid } from 'ulid';
import type { LedgerTools } from './scripts.ts';
import { firstUlidAt } from './video-job-id.ts';

/** One order of an operator: who wanted what, why, and what became of it. */
export interface AuditRecord {
  readonly atMs: number;
  readonly operator: { readonly role: string; readonly key: string | null; readonly name: string | null };
  /** `job.retry`, `dispatch.pause`, … */
  readonly action: string;
  readonly target: { readonly type: string; readonly id: string | null };
  readonly reason: string | null;
  /** `asked` as long as it is not known what became of it. */
  readonly outcome: 'asked' | 'done' | 'refused' | 'failed';
  readonly message: string | null;
  /** What the message was made from. */
  readonly said?: Said | null;
  readonly before: JsonValue;
  readonly after: JsonValue;
  readonly requestId: string | null;
  readonly finishedAtMs: number | null;
}

export interface AuditLog {
  /** @returns the id of the entry */
  write(record: AuditRecord): Promise<string>;
  /** Replaces an entry once its outcome is known. @returns false when it has left the log meanwhile */
  rewrite(id: string, record: AuditRecord): Promise<boolean>;
  /** Newest first. */
  list(query: {
    limit: number;
    after?: string | undefined;
    target?: string | undefined;
  }): Promise<{ entries: (AuditRecord & { readonly id: string })[]; next: string | null }>;
}

const prefix = 'audit_';
const idShape = /^audit_[0-7][0-9a-hjkmnp-tv-z]{25}$/;
/** Some megabytes at the most; orders come by hand, and a bulk action is one of them. */
const entriesMax = 10_000;
const lifetimeMs = 365 * 24 * 3_600_000;
const entriesPerRead = 200;

export function auditLog({ redis, scripts, keys }: LedgerTools): AuditLog {
  const put = (id: string, record: AuditRecord, mode: 'new' | 'known') =>
    scripts.audit(
      [keys.audit, keys.auditIds],
      [id, JSON.stringify(record), mode, entriesMax, prefix + firstUlidAt(record.atMs - lifetimeMs)],
    );

  async function read(start: string, limit: number) {
    const ids = await redis.zrevrangebylex(keys.auditIds, start, '-', 'LIMIT', 0, limit);
    const texts = ids.length === 0 ? [] : await redis.hmget(keys.audit, ...ids);
    return ids.map((id, index) => ({ id, text: texts[index] ?? null }));
  }

  return {
    async write(record) {
      const id = prefix + ulid(record.atMs).toLowerCase();
      await put(id, record, 'new');
      return id;
    },

    rewrite: async (id, record) => (await put(id, record, 'known')) === 1,

    async list({ limit, after, target }) {
      if (after !== undefined && !idShape.test(after)) return { entries: [], next: null };
      const entries: (AuditRecord & { readonly id: string })[] = [];
      let start: string | null = after === undefined ? '+' : `(${after}`;
      while (start !== null && entries.length <= limit) {
        const page: Awaited<ReturnType<typeof read>> = await read(start, entriesPerRead);
        for (const { id, text } of page) {
          const record = text === null ? null : (JSON.parse(text) as AuditRecord);
          if (record !== null && (target === undefined || record.target.id === target)) entries.push({ id, ...record });
        }
        const last: string | undefined = page.length < entriesPerRead ? undefined : page.at(-1)?.id;
        start = last === undefined ? null : `(${last}`;
      }
      const shown = entries.slice(0, limit);
      return { entries: shown, next: entries.length > limit ? (shown.at(-1)?.id ?? null) : null };
    },
  };
}

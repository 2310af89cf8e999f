import { type Readiness, readiness } from '@video-proxy/contracts';
import { type CredentialRecord, modelFinding, type ProviderName } from '@video-proxy/core';
import type { Ledger, LiveWorker } from '@video-proxy/ledger';
import { z } from 'zod';
import type { Admission } from '../admission.ts';
import { retryAfterSeconds } from '../errors.ts';
import { unixSeconds } from '../presentation/view.ts';
import type { ApiServer } from '../server.ts';
import type { StorageState } from '../storage-state.ts';

export interface StatusParts {
  readonly ledger: Pick<Ledger, 'ping' | 'workers' | 'credential' | 'holds'>;
  readonly storageState: () => Promise<StorageState>;
  readonly admission: Pick<Admission, 'refusal'>;
  readonly provider: ProviderName;
  /** What this process knows about the key by itself, for the time before a worker has told more. */
  readonly ownCredential: CredentialRecord;
  readonly isUnavailable: (error: unknown) => boolean;
  readonly now: () => number;
}

const greeting =
  'Video proxy is running. Use POST /v1/jobs to create a video; GET /docs explains the API, GET /readyz says how it is doing.\n';

const text = (description: string) => ({ description, content: { 'text/plain': { schema: z.string() } } });

export function statusSurface(app: ApiServer, parts: StatusParts): void {
  app.get(
    '/',
    {
      config: { access: 'public' },
      schema: { summary: 'A greeting', tags: ['status'], response: { 200: text('It runs') } },
    },
    async (_request, reply) => reply.type('text/plain; charset=utf-8').send(greeting),
  );

  app.get(
    '/healthz',
    {
      config: { access: 'public', quiet: true },
      schema: { summary: 'Whether the process is alive', tags: ['status'], response: { 200: text('It is alive') } },
    },
    async (_request, reply) => reply.type('text/plain; charset=utf-8').send('ok\n'),
  );

  app.get(
    '/readyz',
    {
      config: { access: 'public', quiet: true },
      schema: {
        summary: 'Whether jobs can be accepted, and what an operator should know',
        tags: ['status'],
        response: { 200: readiness, 503: readiness },
      },
    },
    async (_request, reply) => {
      const [known, stored] = await Promise.all([readLedger(parts), parts.storageState()]);
      const finding = known === null ? 'Redis does not answer' : (parts.admission.refusal()?.finding ?? null);
      const body: Readiness = {
        status: finding === null ? 'ready' : 'unavailable',
        provider: parts.provider,
        redis: { state: finding === null ? 'ok' : 'unavailable', finding },
        workers: presentWorkers(known?.workers ?? null),
        credential: presentCredential(known?.credential ?? parts.ownCredential, known?.modelFinding ?? null),
        storage: { state: stored.state, finding: stored.finding },
      };
      if (finding !== null) reply.code(503).header('retry-after', String(retryAfterSeconds));
      return reply.send(body);
    },
  );
}

interface Known {
  readonly workers: readonly LiveWorker[];
  readonly credential: CredentialRecord | null;
  readonly modelFinding: string | null;
}

async function readLedger({ ledger, isUnavailable, now }: StatusParts): Promise<Known | null> {
  try {
    const [workers, credential, holds] = await Promise.all([
      ledger.workers.list(now()),
      ledger.credential.read(),
      ledger.holds.read(),
      ledger.ping(),
    ]);
    return { workers, credential, modelFinding: modelFinding(holds) };
  } catch (error) {
    if (isUnavailable(error)) return null;
    throw error;
  }
}

function presentWorkers(workers: Known['workers'] | null): Readiness['workers'] {
  if (workers === null) return { count: null, last_heartbeat: null, unrecorded_generations: null };
  const unrecorded = workers.reduce((sum, { unrecordedGenerations = 0 }) => sum + unrecordedGenerations, 0);
  const lastBeatMs = Math.max(...workers.map((one) => one.lastBeatMs));
  return {
    count: workers.length,
    last_heartbeat: workers.length === 0 ? null : unixSeconds(lastBeatMs),
    unrecorded_generations: unrecorded,
  };
}

/** Then models that are held for their price are not the cause, and "the key is valid" may not be true any more. */
const refusedOtherwise: ReadonlySet<CredentialRecord['state']> = new Set([
  'missing',
  'malformed',
  'rejected',
  'unverified',
]);

/** What is wrong with the account as a whole comes before a model that it cannot pay for. */
function presentCredential(record: CredentialRecord, aboutModels: string | null): Readiness['credential'] {
  return {
    state: record.state,
    fingerprint: record.fingerprint,
    since: unixSeconds(record.sinceMs),
    checked_at: record.checkedAtMs === null ? null : unixSeconds(record.checkedAtMs),
    last_provider_request_id: record.evidence?.requestId ?? null,
    finding: record.finding ?? (refusedOtherwise.has(record.state) ? null : aboutModels),
  };
}

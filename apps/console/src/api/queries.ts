import { keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { VideoProxyError } from '@video-proxy/client';
import type {
  AuditList,
  BulkRunWire,
  CredentialReport,
  FailureGroups,
  OperatorJobList,
  OperatorJobWhole,
  OperatorOverview,
  OperatorQueues,
  OperatorSession,
  OperatorWorkers,
} from '@video-proxy/contracts';
import { call } from './call.ts';

const second = 1_000;

/** What the API refuses will be refused again; what did not arrive is asked for once more. */
function isWorthAnotherTry(failures: number, error: unknown): boolean {
  return failures < 2 && (!(error instanceof VideoProxyError) || error.serviceAway || (error.status ?? 500) >= 500);
}

export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: { retry: isWorthAnotherTry, retryDelay: second, staleTime: second, networkMode: 'always' },
      // Otherwise an order that is given without a network waits for one, and is carried out whenever it is back.
      mutations: { networkMode: 'always' },
    },
  });
}

/** Everything but the session: what an order may have changed. */
const changing = 'changing';

export const refreshAll = (client: QueryClient) => client.invalidateQueries({ queryKey: [changing] });

export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: ({ signal }) => call<OperatorSession>('/session', { signal }),
  staleTime: Number.POSITIVE_INFINITY,
  refetchInterval: ({ state }) =>
    state.error instanceof VideoProxyError && state.error.status === null ? 3 * second : false,
});

export const overviewQuery = queryOptions({
  queryKey: [changing, 'overview'],
  queryFn: ({ signal }) => call<OperatorOverview>('/overview', { signal }),
  refetchInterval: 3 * second,
});

export const failuresQuery = (fromSeconds: number | null, range: string) =>
  queryOptions({
    queryKey: [changing, 'failures', range],
    queryFn: ({ signal }) =>
      call<FailureGroups>(`/failures${fromSeconds === null ? '' : `?from=${now() - fromSeconds}`}`, { signal }),
    refetchInterval: 5 * second,
    placeholderData: keepPreviousData,
  });

export const jobsQuery = (search: string) =>
  queryOptions({
    queryKey: [changing, 'jobs', search],
    queryFn: ({ signal }) => call<OperatorJobList>(`/jobs${search}`, { signal }),
    refetchInterval: 5 * second,
    placeholderData: keepPreviousData,
  });

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: [changing, 'job', id],
    queryFn: ({ signal }) => call<OperatorJobWhole>(`/jobs/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) => (isQuiet(state.data) ? quietSeconds : 2) * second,
  });

/** How seldom a job is read of which nothing will change before. */
const quietSeconds = 15;

function isQuiet(data: OperatorJobWhole | undefined): boolean {
  if (data?.job.status !== 'completed' && data?.job.status !== 'failed') return false;
  const soon = now() + quietSeconds;
  return !data.deliveries.some(({ state, next_try_at }) => state === 'pending' && (next_try_at ?? 0) <= soon);
}

export const credentialQuery = queryOptions({
  queryKey: [changing, 'credential'],
  queryFn: ({ signal }) => call<CredentialReport>('/credential', { signal }),
  refetchInterval: 3 * second,
});

export const queuesQuery = queryOptions({
  queryKey: [changing, 'queues'],
  queryFn: ({ signal }) => call<OperatorQueues>('/queues', { signal }),
  refetchInterval: 3 * second,
});

export const workersQuery = queryOptions({
  queryKey: [changing, 'workers'],
  queryFn: ({ signal }) => call<OperatorWorkers>('/workers', { signal }),
  refetchInterval: 5 * second,
});

export const auditQuery = (search: string) =>
  queryOptions({
    queryKey: [changing, 'audit', search],
    queryFn: ({ signal }) => call<AuditList>(`/audit${search}`, { signal }),
    refetchInterval: 5 * second,
    placeholderData: keepPreviousData,
  });

/** Followed closely: somebody is watching it run. */
export const bulkRunQuery = (id: string) =>
  queryOptions({
    queryKey: ['bulk', id],
    queryFn: ({ signal }) => call<BulkRunWire>(`/bulk/${encodeURIComponent(id)}`, { signal }),
    refetchInterval: ({ state }) =>
      state.data?.state === 'finished' || state.data?.state === 'stopped' ? false : second / 2,
  });

function now(): number {
  return Math.floor(Date.now() / second);
}

import type { UseQueryResult } from '@tanstack/react-query';
import { VideoProxyError } from '@video-proxy/client';
import type { ReactNode } from 'react';
import { useWords, type Words } from '../words/index.tsx';
import { Id } from './id.tsx';

/** Room for what is being loaded, as large as it will be, so that nothing jumps. */
export function Skeleton({ heightRem = 1, widthPercent = 100 }: { heightRem?: number; widthPercent?: number }) {
  return <span className="skeleton" style={{ height: `${heightRem}rem`, width: `${widthPercent}%` }} />;
}

export function SkeletonRows({ count, heightRem = 2.4 }: { count: number; heightRem?: number }) {
  const { common } = useWords();
  return (
    <output className="stack tight" aria-label={common.loading}>
      {Array.from({ length: count }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike and never move.
        <Skeleton key={index} heightRem={heightRem} />
      ))}
    </output>
  );
}

export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

function problemText(error: unknown, away: string, { common, told }: Words): string {
  if (!(error instanceof VideoProxyError)) return common.trouble;
  const { status, code, param, message } = error;
  if (status === null) return away;
  return told.finding(code === null ? null : { code: `problem_${code}`, facts: { param } }, message || common.trouble);
}

/** What could not be loaded (`retry`: it is tried again by itself, too), or an order that went wrong: that one is never repeated by itself. */
export function ProblemNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const words = useWords();
  const away = retry === undefined ? words.common.unanswered : words.common.unreachable;
  const requestId = error instanceof VideoProxyError ? error.requestId : null;
  return (
    <div className="note bad" role="alert">
      <span className="wrap">{problemText(error, away, words)}</span>
      {requestId !== null && <Id id={requestId} what={words.common.requestId} />}
      {retry !== undefined && (
        <button type="button" className="button small" onClick={retry}>
          {words.common.retry}
        </button>
      )}
    </div>
  );
}

interface LoadedParts<T> {
  readonly query: UseQueryResult<T>;
  readonly loading: ReactNode;
  readonly children: (data: T) => ReactNode;
}

/** What was loaded; when the API is away later, the last of it with a word about its age. */
export function Loaded<T>({ query, loading, children }: LoadedParts<T>) {
  const { common } = useWords();
  if (query.data === undefined) {
    return query.isError ? <ProblemNote error={query.error} retry={() => void query.refetch()} /> : loading;
  }
  return (
    <>
      {query.isError && (
        <p className="note warn" role="status">
          {common.stale}
        </p>
      )}
      {children(query.data)}
    </>
  );
}

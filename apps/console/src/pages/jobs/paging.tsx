import type { OperatorJobList } from '@video-proxy/contracts';
import { Clock } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/index.tsx';
import { type Conditions, jobsAddress } from './search.ts';

/** What the search box was taken for, and how far a search through prompts has looked. */
export function FoundBy({ list }: { list: OperatorJobList }) {
  const { jobs, terms } = useWords();
  if (list.matched_by === null) return null;
  return (
    <p className="found-by soft" role="status">
      {jobs.matchedBy(terms.matchedBy[list.matched_by])}
      {list.searched !== null && ` · ${jobs.searched(list.searched)}`}
      {list.searched_until !== null && (
        <>
          {' '}
          {jobs.searchedUntil} <Clock at={list.searched_until} />
        </>
      )}
    </p>
  );
}

interface PagingParts {
  readonly list: OperatorJobList;
  readonly conditions: Conditions;
  readonly after: string | null;
}

export function Paging({ list, conditions, after }: PagingParts) {
  const { jobs, pages } = useWords();
  if (!list.has_more && after === null) return null;
  return (
    <nav className="row paging" aria-label={pages.jobs}>
      {after !== null && (
        <Link className="button small" href={jobsAddress(conditions)}>
          {jobs.newest}
        </Link>
      )}
      <span className="soft">{jobs.shown(list.data.length)}</span>
      {list.has_more && (
        <Link className="button small end" href={jobsAddress(conditions, list.last_id)}>
          {list.data.length === 0 ? jobs.lookFurther : jobs.older}
        </Link>
      )}
    </nav>
  );
}

import { useQuery } from '@tanstack/react-query';
import { jobsQuery } from '../../api/queries.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded, SkeletonRows } from '../../parts/states.tsx';
import { usePlace } from '../../route/location.ts';
import { useWords } from '../../words/index.tsx';
import { JobFilters } from './filters.tsx';
import { FoundBy, Paging } from './paging.tsx';
import { conditionsOf, searchText } from './search.ts';
import { SearchOrders } from './search-orders.tsx';
import { JobTable } from './table.tsx';
import './jobs.css';

export function JobsPage() {
  const { pages, jobs: words } = useWords();
  const { search } = usePlace();
  const conditions = conditionsOf(search);
  const after = new URLSearchParams(search).get('after');
  const found = useQuery(jobsQuery(searchText(conditions, after)));
  const isAsked = Object.keys(conditions).length > 0;
  return (
    <>
      <PageHead title={pages.jobs}>
        {found.data !== undefined && <SearchOrders conditions={conditions} list={found.data} />}
      </PageHead>
      <JobFilters conditions={conditions} />
      <Loaded query={found} loading={<SkeletonRows count={8} heightRem={3.4} />}>
        {(list) => (
          <div className="card" aria-busy={found.isPlaceholderData}>
            <FoundBy list={list} />
            {list.data.length > 0 && <JobTable jobs={list.data} />}
            {list.data.length === 0 && !list.has_more && <Empty>{isAsked ? words.empty : words.emptyAtAll}</Empty>}
            <Paging list={list} conditions={conditions} after={after} />
          </div>
        )}
      </Loaded>
    </>
  );
}

import { useQuery } from '@tanstack/react-query';
import type { OperatorOverview } from '@video-proxy/contracts';
import { overviewQuery } from '../../api/queries.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Loaded, SkeletonRows } from '../../parts/states.tsx';
import { useWords } from '../../words/index.tsx';
import { Activity } from './activity.tsx';
import { Attention } from './attention.tsx';
import { Health } from './health.tsx';
import { Parts } from './installation-parts.tsx';
import { KeyFigures } from './key-figures.tsx';
import { Times } from './times.tsx';
import { TopFailures } from './top-failures.tsx';
import './overview.css';

/** Is it healthy, what is it doing, what needs me: in this order, on the first screen. */
export function OverviewPage() {
  const { pages } = useWords();
  const overview = useQuery(overviewQuery);
  return (
    <>
      <PageHead title={pages.overview}>{overview.data !== undefined && <Health overview={overview.data} />}</PageHead>
      <Loaded query={overview} loading={<SkeletonRows count={5} heightRem={6} />}>
        {(data) => <OverviewContent overview={data} />}
      </Loaded>
    </>
  );
}

function OverviewContent({ overview }: { overview: OperatorOverview }) {
  return (
    <>
      <Attention items={overview.attention} />
      <KeyFigures overview={overview} />
      <div className="columns">
        <Activity hours={overview.hours} />
        <Parts overview={overview} />
      </div>
      <div className="columns">
        <TopFailures />
        <Times overview={overview} />
      </div>
    </>
  );
}

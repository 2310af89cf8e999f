import { useQuery } from '@tanstack/react-query';
import { VideoProxyError } from '@video-proxy/client';
import type { OperatorJobWhole } from '@video-proxy/contracts';
import { jobQuery } from '../../api/queries.ts';
import { PhaseBadge } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { Id } from '../../parts/id.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded, Skeleton } from '../../parts/states.tsx';
import { LongForeignText } from '../../parts/text.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/index.tsx';
import { Attempts } from './attempts.tsx';
import { Deliveries } from './deliveries.tsx';
import { JobFacts, JobIds } from './facts.tsx';
import { Files } from './files.tsx';
import { JobOrders } from './job-orders.tsx';
import { PhaseBar } from './phase-bar.tsx';
import { Player } from './player.tsx';
import { Reason } from './reason.tsx';
import { Steps } from './steps.tsx';
import { Timeline } from './timeline.tsx';
import './job.css';

export function JobPage({ id }: { id: string }) {
  const { pages, job: words } = useWords();
  const whole = useQuery(jobQuery(id));
  if (whole.error instanceof VideoProxyError && whole.error.status === 404) {
    return (
      <>
        <PageHead title={pages.job} />
        <Empty>
          {words.missing} <Link href="/ops/jobs">{words.back}</Link>
        </Empty>
      </>
    );
  }
  return (
    <>
      <PageHead title={pages.job}>
        {whole.data !== undefined && <PhaseBadge phase={whole.data.job.phase} held={whole.data.job.hold !== null} />}
        <span className="job-id">
          <Id id={id} what={words.id} />
        </span>
        {whole.data !== undefined && <JobOrders id={id} actions={whole.data.actions} />}
      </PageHead>
      <Loaded query={whole} loading={<Skeleton heightRem={30} />}>
        {(data) => <JobContent whole={data} />}
      </Loaded>
    </>
  );
}

function JobContent({ whole }: { whole: OperatorJobWhole }) {
  const { job: words } = useWords();
  const { job } = whole;
  return (
    <div className="job-columns">
      <div className="stack">
        <Reason job={job} group={whole.failure_group} />
        <Card title={words.prompt}>
          {job.prompt === null || job.prompt === '' ? (
            <p className="soft">{words.noPrompt}</p>
          ) : (
            <LongForeignText text={job.prompt} />
          )}
        </Card>
        <Card title={words.timeline} flush>
          <PhaseBar timings={whole.timings} />
          <Timeline events={whole.events} calls={whole.provider_calls} />
        </Card>
      </div>
      <div className="stack">
        <Player job={job} />
        <JobFacts whole={whole} />
        <JobIds ids={whole.request_ids} />
        <Attempts attempts={whole.attempts} />
        <Steps steps={whole.steps} />
        <Files files={whole.files} />
        <Deliveries deliveries={whole.deliveries} />
      </div>
    </div>
  );
}

import { useQuery } from '@tanstack/react-query';
import { queuesQuery, workersQuery } from '../../api/queries.ts';
import { Card } from '../../parts/card.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Loaded, Skeleton } from '../../parts/states.tsx';
import { useWords } from '../../words/index.tsx';
import { HoldList } from './holds.tsx';
import { PauseCard } from './pause.tsx';
import { QueuesBeneath } from './queues-beneath.tsx';
import { StepQueues } from './step-queues.tsx';
import { Turns } from './turns.tsx';
import { WorkerTable } from './workers.tsx';
import './dispatch.css';

export function DispatchPage() {
  const { pages, dispatch: words } = useWords();
  const queues = useQuery(queuesQuery);
  const workers = useQuery(workersQuery);
  return (
    <>
      <PageHead title={pages.dispatch}>
        <QueuesBeneath />
      </PageHead>
      <Loaded query={queues} loading={<Skeleton heightRem={20} />}>
        {(data) => (
          <>
            <div className="columns">
              <PauseCard queues={data} />
              <Card title={words.holds} flush>
                <HoldList holds={data.holds} empty={words.noHolds} />
              </Card>
            </div>
            <div className="columns">
              <StepQueues steps={data.steps} isHeld={data.holds.length > 0} />
              <Turns turns={data.turns} />
            </div>
          </>
        )}
      </Loaded>
      <Loaded query={workers} loading={<Skeleton heightRem={8} />}>
        {(data) => <WorkerTable workers={data.workers} />}
      </Loaded>
    </>
  );
}

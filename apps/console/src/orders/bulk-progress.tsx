import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { BulkRunWire } from '@video-proxy/contracts';
import { useEffect } from 'react';
import { bulkRunQuery, refreshAll } from '../api/queries.ts';
import { Badge, type Tone } from '../parts/badges.tsx';
import { JobLink } from '../parts/id.tsx';
import { ForeignText } from '../parts/text.tsx';
import { Link } from '../route/link.tsx';
import { useWords } from '../words/index.tsx';

const tones: Readonly<Record<BulkRunWire['state'], Tone>> = {
  waiting: 'warn',
  running: 'live',
  finished: 'ok',
  stopped: 'bad',
};

export function BulkProgress({ begun, onClose }: { begun: BulkRunWire; onClose: () => void }) {
  const client = useQueryClient();
  const { orders, common } = useWords();
  const { data: run = begun } = useQuery({ ...bulkRunQuery(begun.id), initialData: begun });
  const isOver = run.state === 'finished' || run.state === 'stopped';
  const texts = {
    waiting: orders.waitingForWorker,
    running: orders.running,
    finished: orders.finished,
    stopped: orders.stopped,
  };
  useEffect(() => {
    if (isOver) void refreshAll(client);
  }, [isOver, client]);
  return (
    <div className="stack">
      <p className="row" role="status">
        <Badge tone={tones[run.state]}>{texts[run.state]}</Badge>
        <span className="number">{orders.tally(run.done, run.failed, run.skipped)}</span>
      </p>
      <progress
        max={Math.max(1, run.total)}
        value={run.done + run.failed + run.skipped}
        aria-label={texts[run.state]}
      />
      <Problems problems={run.problems} />
      {!isOver && <p className="hint">{orders.keepsRunning}</p>}
      <div className="actions">
        <Link className="button quiet" href={`/ops/audit?target=${encodeURIComponent(run.id)}`}>
          {orders.toAudit}
        </Link>
        <button type="button" className="button main" onClick={onClose}>
          {common.close}
        </button>
      </div>
    </div>
  );
}

function Problems({ problems }: Pick<BulkRunWire, 'problems'>) {
  const { orders, told } = useWords();
  if (problems.length === 0) return null;
  return (
    <details>
      <summary>
        {orders.problems} ({problems.length})
      </summary>
      <ul className="problems">
        {problems.map(({ job_id, message, said }) => (
          <li key={job_id}>
            <JobLink id={job_id} short /> <ForeignText text={told.finding(said, message)} />
          </li>
        ))}
      </ul>
    </details>
  );
}

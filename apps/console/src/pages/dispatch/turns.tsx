import type { OperatorQueues } from '@video-proxy/contracts';
import { Card } from '../../parts/card.tsx';
import { Table } from '../../parts/table.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useSpeech } from '../../words/index.tsx';

const shownMax = 10;

export function Turns({ turns }: { turns: OperatorQueues['turns'] }) {
  const { words, locale } = useSpeech();
  const { dispatch, common, overview } = words;
  return (
    <Card title={dispatch.turns} end={<span className="soft">{overview.waitingDetail(turns.owners)}</span>} flush>
      {turns.next.length === 0 ? (
        <p className="soft lone-line">{dispatch.noTurns}</p>
      ) : (
        <Table
          label={dispatch.turns}
          rows={turns.next.slice(0, shownMax)}
          keyOf={({ owner }) => owner}
          columns={[
            { name: dispatch.owner, cell: ({ owner }) => <WaitingJobs owner={owner} /> },
            { name: dispatch.ownerWaiting, cell: ({ waiting }) => waiting.toLocaleString(locale), isNumber: true },
            { name: dispatch.ownerUnderway, cell: ({ underway }) => underway.toLocaleString(locale), isNumber: true },
            {
              name: dispatch.oldest,
              cell: ({ oldest_since: at }) => (at === null ? common.none : <When at={at} />),
            },
          ]}
        />
      )}
      <p className="hint lone-line">{dispatch.turnsLead}</p>
    </Card>
  );
}

function WaitingJobs({ owner }: { owner: string }) {
  return (
    <Link className="waiting-owner" href={`/ops/jobs?status=queued&owner=${encodeURIComponent(owner)}`}>
      <ForeignText text={owner} />
    </Link>
  );
}

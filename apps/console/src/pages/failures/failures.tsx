import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { failuresQuery } from '../../api/queries.ts';
import { BulkDialog } from '../../orders/bulk-dialog.tsx';
import type { Order } from '../../orders/order.ts';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded, SkeletonRows } from '../../parts/states.tsx';
import { navigate, usePlace } from '../../route/location.ts';
import { useWords } from '../../words/index.tsx';
import { FailureGroupCard } from './group.tsx';
import './failures.css';

const hour = 3_600;
const ranges = { hour, day: 24 * hour, week: 7 * 24 * hour, month: 30 * 24 * hour } as const;
type Range = keyof typeof ranges;

const rangeOf = (search: string): Range => {
  const asked = new URLSearchParams(search).get('range');
  return (Object.keys(ranges) as Range[]).find((range) => range === asked) ?? 'week';
};

export function FailuresPage() {
  const { pages, failures: words } = useWords();
  const range = rangeOf(usePlace().search);
  // Here and not in the group, which is gone when the last of its jobs has been sent again.
  const [order, setOrder] = useState<Order | null>(null);
  const failures = useQuery(failuresQuery(ranges[range], range));
  return (
    <>
      <PageHead title={pages.failures}>
        {failures.data !== undefined && (
          <span className="soft">{words.total(failures.data.count, failures.data.groups_total)}</span>
        )}
        <RangeChoice range={range} />
      </PageHead>
      <p className="soft">{words.lead}</p>
      <Loaded query={failures} loading={<SkeletonRows count={3} heightRem={9} />}>
        {({ groups, complete, trend_from, trend_step_seconds }) => (
          <>
            {!complete && <p className="note">{words.incomplete}</p>}
            {groups.length === 0 && <Empty>{words.empty}</Empty>}
            {groups.map((group) => (
              <FailureGroupCard
                key={group.id}
                group={group}
                scale={{ from: trend_from, step: trend_step_seconds }}
                onOrder={setOrder}
              />
            ))}
          </>
        )}
      </Loaded>
      {order !== null && <BulkDialog {...order} onClose={() => setOrder(null)} />}
    </>
  );
}

function RangeChoice({ range }: { range: Range }) {
  const { failures } = useWords();
  return (
    <fieldset className="choice end">
      <legend className="unseen">{failures.range}</legend>
      {(Object.keys(ranges) as Range[]).map((each) => (
        <button
          key={each}
          type="button"
          aria-pressed={each === range}
          onClick={() => navigate(`/ops/failures?range=${each}`, { replace: true })}
        >
          {failures.ranges[each]}
        </button>
      ))}
    </fieldset>
  );
}

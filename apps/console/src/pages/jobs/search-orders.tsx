import type { BulkAction, JobFilter, OperatorJobList } from '@video-proxy/contracts';
import { useState } from 'react';
import { BulkDialog } from '../../orders/bulk-dialog.tsx';
import type { Order } from '../../orders/order.ts';
import { useMayChange } from '../../shell/session.tsx';
import { useWords } from '../../words/index.tsx';
import type { Conditions } from './search.ts';

const actions = ['retry', 'recheck', 'cancel', 'delete'] as const satisfies readonly BulkAction[];

/** What can be done with everything that was found. Where one job was meant, or an owner, it is about what is shown. */
export function SearchOrders({ conditions, list }: { conditions: Conditions; list: OperatorJobList }) {
  const { jobs: words, terms } = useWords();
  const mayChange = useMayChange();
  // With what it was about when it was given: the jobs that are shown change while it is carried out.
  const [order, setOrder] = useState<Order | null>(null);
  const { data: jobs, matched_by } = list;
  const isPossible = mayChange && jobs.length > 0 && Object.keys(conditions).length > 0;
  const isFilter = conditions.q === undefined || matched_by === 'words';
  const filter = isFilter ? filterOf(conditions) : { ids: jobs.map(({ id }) => id) };
  return (
    <>
      {isPossible && (
        <fieldset className="row end search-orders">
          <legend className="unseen">{words.actions}</legend>
          <span className="soft">{isFilter ? words.actOnAll : words.actOnShown(jobs.length)}</span>
          {actions.map((each) => (
            <button
              key={each}
              type="button"
              className={`button small ${each === 'delete' ? 'danger' : ''}`}
              onClick={() => setOrder({ action: each, filter })}
            >
              {terms.orders[each]}…
            </button>
          ))}
        </fieldset>
      )}
      {order !== null && <BulkDialog {...order} onClose={() => setOrder(null)} />}
    </>
  );
}

/** The address has texts, the API wants numbers for times; what is no valid condition the API refuses by name. */
function filterOf({ q, from, to, ...texts }: Conditions): Partial<JobFilter> {
  return {
    ...(q === undefined ? {} : { words: q.replace(/^"(.*)"$/s, '$1') }),
    ...(texts as Partial<JobFilter>),
    ...(from === undefined ? {} : { from: Number(from) }),
    ...(to === undefined ? {} : { to: Number(to) }),
  };
}

import type { BulkAction, JobFilter, OperatorJob } from '@video-proxy/contracts';
import { useState } from 'react';
import { BulkDialog } from '../../orders/bulk-dialog.tsx';
import { useMayChange } from '../../shell/session.tsx';
import { useWords } from '../../words/index.tsx';
import type { Conditions } from './search.ts';

const actions = ['retry', 'recheck', 'cancel', 'delete'] as const satisfies readonly BulkAction[];

/** What can be done with everything that was found. A search for words is not a filter: there it is about what is shown. */
export function SearchOrders({ conditions, jobs }: { conditions: Conditions; jobs: readonly OperatorJob[] }) {
  const { jobs: words, terms } = useWords();
  const mayChange = useMayChange();
  const [action, setAction] = useState<BulkAction | null>(null);
  const { q, ...others } = conditions;
  if (!mayChange || jobs.length === 0 || Object.keys(conditions).length === 0) return null;
  const filter = q === undefined ? filterOf(others) : { ids: jobs.map(({ id }) => id) };
  return (
    <fieldset className="row end search-orders">
      <legend className="unseen">{words.actions}</legend>
      <span className="soft">{q === undefined ? words.actOnAll : words.actOnShown(jobs.length)}</span>
      {actions.map((each) => (
        <button
          key={each}
          type="button"
          className={`button small ${each === 'delete' ? 'danger' : ''}`}
          onClick={() => setAction(each)}
        >
          {terms.orders[each]}…
        </button>
      ))}
      {action !== null && <BulkDialog action={action} filter={filter} onClose={() => setAction(null)} />}
    </fieldset>
  );
}

/** The address has texts, the API wants numbers for times; what is no valid condition the API refuses by name. */
function filterOf({ from, to, ...texts }: Omit<Conditions, 'q'>): Partial<JobFilter> {
  return {
    ...(texts as Partial<JobFilter>),
    ...(from === undefined ? {} : { from: Number(from) }),
    ...(to === undefined ? {} : { to: Number(to) }),
  };
}

import type { BulkAction, OperatorJobWhole } from '@video-proxy/contracts';
import { useState } from 'react';
import { JobDialog } from '../../orders/job-dialog.tsx';
import { useMayChange } from '../../shell/session.tsx';
import { useWords } from '../../words/index.tsx';

const all = ['retry', 'recheck', 'cancel', 'delete'] as const satisfies readonly BulkAction[];

/** Only what makes sense now; each opens its preview. */
export function JobOrders({ id, actions }: { id: string; actions: OperatorJobWhole['actions'] }) {
  const { terms } = useWords();
  const mayChange = useMayChange();
  const [order, setOrder] = useState<BulkAction | null>(null);
  if (!mayChange) return null;
  return (
    <div className="row end">
      {all
        .filter((each) => actions[each])
        .map((each) => (
          <button
            key={each}
            type="button"
            className={`button ${each === 'retry' ? 'main' : ''} ${each === 'delete' ? 'danger' : ''}`}
            onClick={() => setOrder(each)}
          >
            {terms.orders[each]}…
          </button>
        ))}
      {order !== null && <JobDialog id={id} action={order} onClose={() => setOrder(null)} />}
    </div>
  );
}

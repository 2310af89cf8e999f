import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { BulkPreview, BulkRunWire } from '@video-proxy/contracts';
import { call } from '../api/call.ts';
import { refreshAll } from '../api/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Loaded, ProblemNote, Skeleton } from '../parts/states.tsx';
import { useWords } from '../words/index.tsx';
import { BulkProgress } from './bulk-progress.tsx';
import type { Order } from './order.ts';
import { type Consent, OrderForm } from './order-form.tsx';
import { usePreview } from './preview.tsx';

/** An order about many jobs: first what it would do, then its run as it goes. */
export function BulkDialog({ action, filter, onClose }: Order & { onClose: () => void }) {
  const client = useQueryClient();
  const { orders } = useWords();
  const preview = usePreview({ action, filter });
  const run = useMutation({
    mutationFn: ({ reason, confirmCost, seen }: Consent & { seen: BulkPreview }) =>
      call<BulkRunWire>('/jobs/bulk', {
        method: 'POST',
        body: {
          action,
          filter,
          dry_run: false,
          preview_id: seen.id,
          confirm_cost: confirmCost,
          ...(reason === '' ? {} : { reason }),
        },
      }),
    onSettled: () => refreshAll(client),
  });
  return (
    <Dialog title={orders.titles[action]} onClose={onClose}>
      {run.data !== undefined ? (
        <BulkProgress begun={run.data} onClose={onClose} />
      ) : (
        <Loaded query={preview} loading={<PreviewLoading />}>
          {(seen) => (
            <OrderForm
              preview={seen}
              isSending={run.isPending}
              problem={run.isError && <ProblemNote error={run.error} />}
              onConfirm={(consent) => run.mutate({ ...consent, seen })}
              onClose={onClose}
            />
          )}
        </Loaded>
      )}
    </Dialog>
  );
}

export function PreviewLoading() {
  const { orders } = useWords();
  return (
    <output className="stack">
      <span className="soft">{orders.previewing}</span>
      <Skeleton heightRem={12} />
    </output>
  );
}

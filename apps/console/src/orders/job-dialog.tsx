import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { BulkAction } from '@video-proxy/contracts';
import { call } from '../api/call.ts';
import { refreshAll } from '../api/queries.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Loaded, ProblemNote } from '../parts/states.tsx';
import { navigate } from '../route/location.ts';
import { pathOf } from '../route/views.ts';
import { useNotice } from '../shell/notice.tsx';
import { useWords } from '../words/index.tsx';
import { PreviewLoading } from './bulk-dialog.tsx';
import { type Consent, OrderForm } from './order-form.tsx';
import { usePreview } from './preview.tsx';

/** An order about one job, with the same preview as one about many. */
export function JobDialog({ id, action, onClose }: { id: string; action: BulkAction; onClose: () => void }) {
  const client = useQueryClient();
  const announce = useNotice();
  const { orders } = useWords();
  const preview = usePreview({ action, filter: { ids: [id] } });
  const order = useMutation({
    mutationFn: ({ reason, confirmCost }: Consent) => {
      const path = `/jobs/${encodeURIComponent(id)}`;
      const body = { confirm_cost: confirmCost, ...(reason === '' ? {} : { reason }) };
      return action === 'delete'
        ? call(path, { method: 'DELETE', body })
        : call(`${path}/${action}`, { method: 'POST', body });
    },
    onSuccess: () => {
      announce(orders.done[action]);
      onClose();
      if (action === 'delete') navigate(pathOf('jobs'));
      return refreshAll(client);
    },
  });
  return (
    <Dialog title={orders.titles[action]} onClose={onClose}>
      <Loaded query={preview} loading={<PreviewLoading />}>
        {(seen) => (
          <OrderForm
            preview={seen}
            isSending={order.isPending}
            problem={order.isError && <ProblemNote error={order.error} />}
            onConfirm={order.mutate}
            onClose={onClose}
          />
        )}
      </Loaded>
    </Dialog>
  );
}

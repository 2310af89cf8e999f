import { useQuery } from '@tanstack/react-query';
import type { BulkPreview } from '@video-proxy/contracts';
import { call } from '../api/call.ts';
import { Fact, Facts } from '../parts/card.tsx';
import { Clock } from '../parts/time.tsx';
import { useSpeech } from '../words/index.tsx';
import type { Order } from './order.ts';

/** What an order would do; nothing has happened yet. Asked for once: the run is about exactly what was seen. */
export function usePreview({ action, filter }: Order) {
  return useQuery({
    queryKey: ['preview', action, filter],
    queryFn: ({ signal }) =>
      call<BulkPreview>('/jobs/bulk', { method: 'POST', body: { action, filter, dry_run: true }, signal }),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
}

export function PreviewFacts({ preview }: { preview: BulkPreview }) {
  const { words } = useSpeech();
  const { orders, terms } = words;
  const isRetry = preview.action === 'retry';
  return (
    <>
      <p className="preview-count">
        <strong className="number">{orders.count(preview.count, preview.matched)}</strong>{' '}
        {orders.countMeaning[preview.action]}
      </p>
      <Facts>
        <Fact name={orders.cost}>{isRetry && <Cost preview={preview} />}</Fact>
        <Fact name={orders.byCode}>
          {preview.by_code.length > 0 && (
            <ul>
              {preview.by_code.map(({ code, count }) => (
                <li key={code}>
                  {terms.codes[code]} <span className="soft number">{count}</span>
                </li>
              ))}
            </ul>
          )}
        </Fact>
      </Facts>
      {preview.searched_until !== null && (
        <p className="note warn">
          {orders.searched(preview.searched ?? 0)} <Clock at={preview.searched_until} />
        </p>
      )}
      {preview.truncated && <p className="note warn">{orders.truncated}</p>}
    </>
  );
}

/** Never more exact than what is known: jobs without a known price are named beside the sum. */
function Cost({ preview: { estimated_usd, unpriced } }: { preview: BulkPreview }) {
  const { words, locale } = useSpeech();
  const { orders } = words;
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });
  return (
    <>
      <strong className="number">{estimated_usd === null ? orders.costUnknown : money.format(estimated_usd)}</strong>
      {estimated_usd !== null && unpriced > 0 && <span className="soft"> {orders.unpriced(unpriced)}</span>}
    </>
  );
}

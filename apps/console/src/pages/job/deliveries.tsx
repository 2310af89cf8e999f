import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { WebhookDelivery } from '@video-proxy/contracts';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { Badge, type Tone } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { useMayChange } from '../../shell/session.tsx';
import { useWords } from '../../words/index.tsx';

const tones: Readonly<Record<WebhookDelivery['state'], Tone>> = {
  pending: 'live',
  delivered: 'ok',
  failed: 'bad',
  off: 'warn',
};

export function Deliveries({ deliveries }: { deliveries: readonly WebhookDelivery[] }) {
  const { job } = useWords();
  if (deliveries.length === 0) return null;
  return (
    <Card title={job.deliveries} flush>
      <ul className="lines">
        {deliveries.map((delivery) => (
          <DeliveryLine key={delivery.id} delivery={delivery} />
        ))}
      </ul>
    </Card>
  );
}

function DeliveryLine({ delivery: { id, type, url, state, tries, next_try_at } }: { delivery: WebhookDelivery }) {
  const { job, terms, told } = useWords();
  const mayChange = useMayChange();
  const last = tries.at(-1);
  return (
    <li>
      <div className="row">
        <strong>{type}</strong>
        <Badge tone={tones[state]}>{terms.deliveries[state]}</Badge>
        <span className="soft">{job.tries(tries.length)}</span>
        {next_try_at !== null && (
          <span className="soft">
            {job.nextTry} <When at={next_try_at} />
          </span>
        )}
        {mayChange && <Resend id={id} />}
      </div>
      <ForeignText text={url} className="soft" />
      {last !== undefined && state !== 'delivered' && (
        <p className="soft">
          <ForeignText text={told.delivery(last)} />
        </p>
      )}
    </li>
  );
}

/** Free and safe to repeat: the receiver knows the event by its id. So nothing is asked first. */
function Resend({ id }: { id: string }) {
  const client = useQueryClient();
  const { job } = useWords();
  const resend = useMutation({
    mutationFn: () => call(`/deliveries/${encodeURIComponent(id)}/resend`, { method: 'POST', body: {} }),
    onSettled: () => refreshAll(client),
  });
  return (
    <>
      <button type="button" className="button" disabled={resend.isPending} onClick={() => resend.mutate()}>
        {job.resend}
      </button>
      {resend.isError && <ProblemNote error={resend.error} />}
    </>
  );
}

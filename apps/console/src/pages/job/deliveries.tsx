import type { OperatorJobWhole } from '@video-proxy/contracts';
import { Badge, type Tone } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { useWords } from '../../words/index.tsx';

type Delivery = OperatorJobWhole['deliveries'][number];
const tones: Readonly<Record<Delivery['state'], Tone>> = { pending: 'live', delivered: 'ok', failed: 'bad' };

export function Deliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
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

function DeliveryLine({ delivery: { type, url, state, tries, next_try_at } }: { delivery: Delivery }) {
  const { job, terms } = useWords();
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
      </div>
      <ForeignText text={url} className="soft" />
      {last !== undefined && state !== 'delivered' && (
        <p className="soft">
          <ForeignText text={[last.status, last.error].filter((part) => part !== null).join(' ')} />
        </p>
      )}
    </li>
  );
}

import type { AttentionItem } from '@video-proxy/contracts';
import { Badge, type Tone } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { Id } from '../../parts/id.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/index.tsx';

const tones: Readonly<Record<AttentionItem['severity'], Tone>> = { critical: 'bad', warning: 'warn', info: 'live' };

export function Attention({ items }: { items: readonly AttentionItem[] }) {
  const { overview } = useWords();
  if (items.length === 0) return <p className="note all-well">{overview.nothing}</p>;
  return (
    <Card title={overview.attention} flush className="attention">
      <ul>
        {items.map((item) => (
          <Item key={`${item.code}:${item.title}`} item={item} />
        ))}
      </ul>
    </Card>
  );
}

function Item({ item }: { item: AttentionItem }) {
  const words = useWords();
  const { title, detail, action } = words.told.attention(item);
  return (
    <li className={`attention-item ${tones[item.severity]}`}>
      <div className="row">
        <Badge tone={tones[item.severity]}>{words.terms.severities[item.severity]}</Badge>
        <h3>{title}</h3>
        {item.since !== null && (
          <span className="soft">
            <When at={item.since} />
          </span>
        )}
        {item.link !== null && (
          <Link className="button small end" href={item.link}>
            {words.common.open}
          </Link>
        )}
      </div>
      <p>
        <ForeignText text={detail} />
      </p>
      {action !== null && <p className="soft wrap">→ {action}</p>}
      <ProviderIds item={item} />
    </li>
  );
}

/** What the support of the provider asks for first. */
function ProviderIds({ item: { provider } }: { item: AttentionItem }) {
  const { evidence } = useWords();
  if (provider === null || provider.request_id === null) return null;
  return (
    <p className="row provider-ids">
      <span className="soft">{evidence.requestId}</span>
      <Id id={provider.request_id} what={evidence.requestId} />
      {provider.status_code !== null && <Badge tone="none" plain>{`HTTP ${provider.status_code}`}</Badge>}
      {provider.path !== null && <code className="soft">{provider.path}</code>}
    </p>
  );
}

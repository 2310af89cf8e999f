import type { BulkAction, FailureGroup } from '@video-proxy/contracts';
import { useId } from 'react';
import type { Order } from '../../orders/order.ts';
import { Badge } from '../../parts/badges.tsx';
import { Fact, Facts } from '../../parts/card.tsx';
import { JobLink } from '../../parts/id.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useMayChange } from '../../shell/session.tsx';
import { useSpeech } from '../../words/index.tsx';
import { type TimeScale, Trend } from './trend.tsx';

interface GroupParts {
  readonly group: FailureGroup;
  readonly onOrder: (order: Order) => void;
}

export function FailureGroupCard({ group, scale, onOrder }: GroupParts & { readonly scale: TimeScale }) {
  const { words, locale } = useSpeech();
  const titleId = useId();
  return (
    <article className="card group" aria-labelledby={titleId}>
      <header className="row">
        <strong className="number group-count">{group.count.toLocaleString(locale)}</strong>
        <h2 id={titleId}>{words.terms.codes[group.code]}</h2>
        {group.provider_status !== null && (
          <Badge tone="none" plain>
            {words.failures.providerStatus(group.provider_status)}
          </Badge>
        )}
        <RetryWord group={group} />
      </header>
      <div className="group-body">
        <Facts>
          <Fact name={words.jobs.model}>{group.model ?? words.failures.allModels}</Fact>
          <Fact name={words.evidence.kind}>{group.kind !== null && <ForeignText text={group.kind} />}</Fact>
          <Fact name={words.failures.firstSeen}>
            <When at={group.first_seen} />
          </Fact>
          <Fact name={words.failures.lastSeen}>
            <When at={group.last_seen} />
          </Fact>
          <Fact name={words.failures.owners}>
            <Owners group={group} />
          </Fact>
          <Fact name={words.failures.samples}>
            <span className="row">
              {group.sample_job_ids.map((id) => (
                <JobLink key={id} id={id} short />
              ))}
            </span>
          </Fact>
        </Facts>
        <Trend counts={group.trend} scale={scale} />
      </div>
      <GroupOrders group={group} onOrder={onOrder} />
    </article>
  );
}

/** Whether a retry helps, and whether it may cost money a second time: what one has to know before the button. */
function RetryWord({ group: { retryable, retry_safe, unsafe } }: { group: FailureGroup }) {
  const { failures } = useSpeech().words;
  return (
    <>
      {!retryable && (
        <Badge tone="none" title={failures.notRetryableMeaning}>
          {failures.notRetryable}
        </Badge>
      )}
      {retry_safe ? (
        <Badge tone="ok" title={failures.safeMeaning}>
          {retryable ? failures.safe : failures.notBilled}
        </Badge>
      ) : (
        <Badge tone="warn">{failures.unsafe(unsafe)}</Badge>
      )}
    </>
  );
}

const ownersShownMax = 4;

function Owners({ group: { owners, owners_total, owners_complete } }: { group: FailureGroup }) {
  const { words, locale } = useSpeech();
  const hidden = owners_total - Math.min(owners.length, ownersShownMax);
  return (
    <span className="row">
      {owners.slice(0, ownersShownMax).map(({ owner, count }) => (
        <span key={owner}>
          <Link href={`/ops/jobs?status=failed&owner=${encodeURIComponent(owner)}`}>
            <ForeignText text={owner} />
          </Link>{' '}
          <span className="soft number">{count.toLocaleString(locale)}</span>
        </span>
      ))}
      {hidden > 0 && <span className="soft">+{hidden.toLocaleString(locale)}</span>}
      {!owners_complete && <span className="soft">{words.failures.ownersMore}</span>}
    </span>
  );
}

const orders = ['retry', 'recheck', 'delete'] as const satisfies readonly BulkAction[];

function GroupOrders({ group, onOrder }: GroupParts) {
  const { failures } = useSpeech().words;
  const mayChange = useMayChange();
  const texts = { retry: failures.retryGroup, recheck: failures.recheckGroup, delete: failures.deleteGroup };
  return (
    <footer className="row">
      {mayChange &&
        orders.map((each) => (
          <button
            key={each}
            type="button"
            className={`button small ${each === 'retry' && group.retryable ? 'main' : ''} ${each === 'delete' ? 'danger' : ''}`}
            onClick={() => onOrder({ action: each, filter: { group: group.id } })}
          >
            {texts[each]}
          </button>
        ))}
      <Link className="button small quiet end" href={`/ops/jobs?group=${encodeURIComponent(group.id)}`}>
        {failures.show}
      </Link>
    </footer>
  );
}

import type { StandingHoldWire } from '@video-proxy/contracts';
import { Badge } from '../../parts/badges.tsx';
import { Id } from '../../parts/id.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { useWords } from '../../words/index.tsx';

export function HoldList({ holds, empty }: { holds: readonly StandingHoldWire[]; empty: string }) {
  if (holds.length === 0) return <p className="soft lone-line">{empty}</p>;
  return (
    <ul className="lines">
      {holds.map((hold) => (
        <HoldLine key={`${hold.scope} ${hold.subject}`} hold={hold} />
      ))}
    </ul>
  );
}

function HoldLine({ hold }: { hold: StandingHoldWire }) {
  const { terms, dispatch, evidence, job, told } = useWords();
  return (
    <li className="stack tight">
      <div className="row">
        <Badge tone="warn">{terms.scopes[hold.scope]}</Badge>
        {hold.subject !== null && <code>{hold.subject}</code>}
        <span className="soft">
          <When at={hold.since} />
        </span>
        {hold.until !== null && (
          <span className="soft">
            {hold.scope === 'ops' ? job.until : dispatch.nextTrial} <When at={hold.until} />
          </span>
        )}
        {hold.tries !== null && hold.tries > 0 && <span className="soft">{dispatch.tries(hold.tries)}</span>}
      </div>
      <ForeignText text={told.standing(hold)} />
      {hold.by !== null && (
        <span className="soft">
          {dispatch.pausedBy} <ForeignText text={hold.by} />
        </span>
      )}
      {hold.provider?.request_id != null && <Id id={hold.provider.request_id} what={evidence.requestId} />}
    </li>
  );
}

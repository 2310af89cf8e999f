import type { OperatorJobWhole } from '@video-proxy/contracts';
import { Badge } from '../../parts/badges.tsx';
import { ProviderWords } from '../../parts/evidence.tsx';
import { Id } from '../../parts/id.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { Clock, spanText } from '../../parts/time.tsx';
import { useWords, type Words } from '../../words/index.tsx';
import { Json } from './json.tsx';

type Event = OperatorJobWhole['events'][number];
type Call = OperatorJobWhole['provider_calls'][number];

/** Everything that happened, oldest first, each with what the provider answered. */
export function Timeline({ events, calls }: { events: readonly Event[]; calls: readonly Call[] }) {
  return (
    <ol className="timeline">
      {events.map((event, index) => (
        <TimelineEvent
          key={event.id}
          event={event}
          calls={calls.filter(({ event_id }) => event_id === event.id)}
          after={index === 0 ? null : event.created_at - (events[index - 1]?.created_at ?? event.created_at)}
        />
      ))}
    </ol>
  );
}

interface TimelineEventParts {
  readonly event: Event;
  readonly calls: readonly Call[];
  /** Seconds since the event before. */
  readonly after: number | null;
}

function TimelineEvent({ event, calls, after }: TimelineEventParts) {
  const words = useWords();
  const details = Object.keys(event.details).length > 0;
  return (
    <li className={`phase-${event.phase}`}>
      <div className="row">
        <span className="timeline-time soft">
          <Clock at={event.created_at} seconds />
        </span>
        <strong>{eventText(event.type, words)}</strong>
        {after !== null && after > 0 && <span className="soft number">+{spanText(after, words)}</span>}
      </div>
      {calls.map((call) => (
        <CallLine key={`${call.call} ${call.request_id} ${call.at}`} call={call} />
      ))}
      {event.finding !== null && (
        <p className="soft">
          <ForeignText text={words.told.finding(event.said, event.finding)} />
        </p>
      )}
      {details && (
        <details>
          <summary>{words.job.record}</summary>
          <Json value={event.details} />
        </details>
      )}
    </li>
  );
}

function eventText(type: string, { terms }: Words): string {
  return (terms.events as Readonly<Record<string, string>>)[type] ?? type;
}

function CallLine({ call }: { call: Call }) {
  const { evidence, terms } = useWords();
  // A good answer leaves no words behind, and the provider does not name every one: the event itself says it all.
  if (call.status_code === null && call.request_id === null && call.message === null) return null;
  const isBad = call.status_code === null ? call.message !== null : call.status_code >= 400;
  return (
    <div className="call">
      <div className="row">
        <Badge tone={isBad ? 'bad' : 'none'} plain>
          {[terms.calls[call.call], call.status_code].filter((part) => part !== null).join(' ')}
        </Badge>
        {call.path !== null && <code className="soft">{call.path}</code>}
        {call.request_id !== null && <Id id={call.request_id} what={evidence.requestId} />}
        {call.kind !== null && <ForeignText text={call.kind} className="soft" />}
      </div>
      {call.message !== null && (
        <p className="soft">
          <ProviderWords said={call.said} message={call.message} />
        </p>
      )}
    </div>
  );
}

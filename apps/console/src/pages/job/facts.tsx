import type { OperatorJobWhole } from '@video-proxy/contracts';
import { Card, Fact, Facts } from '../../parts/card.tsx';
import { Id } from '../../parts/id.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { Clock, Span, When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useSpeech, useWords } from '../../words/index.tsx';
import { Json } from './json.tsx';

export function JobFacts({ whole: { job, owner, watched_until } }: { whole: OperatorJobWhole }) {
  const { words, locale } = useSpeech();
  const { job: texts } = words;
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });
  const ended = job.completed_at ?? job.failed_at;
  return (
    <Card title={texts.facts}>
      <Facts>
        <Fact name={texts.owner}>
          <Link href={`/ops/jobs?owner=${encodeURIComponent(owner)}`}>
            <ForeignText text={owner} />
          </Link>
        </Fact>
        <Fact name={texts.model}>{job.model}</Fact>
        <Fact name={texts.created}>
          <Clock at={job.created_at} seconds />
        </Fact>
        <Fact name={texts.submitted}>{job.submitted_at !== null && <Clock at={job.submitted_at} seconds />}</Fact>
        <Fact name={texts.ended}>
          {ended !== null && (
            <>
              <Clock at={ended} seconds />{' '}
              <span className="soft">
                (<Span seconds={ended - job.created_at} />)
              </span>
            </>
          )}
        </Fact>
        <Fact name={words.jobs.status}>{job.queue_position !== null && texts.position(job.queue_position)}</Fact>
        <Fact name={texts.cost}>
          <span className="number">
            {job.cost.held_usd === null ? words.common.none : money.format(job.cost.held_usd)}
          </span>
        </Fact>
        <Fact name={texts.expires}>{job.expires_at !== null && <When at={job.expires_at} />}</Fact>
        <Fact name={texts.watchedUntil}>{watched_until !== null && <When at={watched_until} />}</Fact>
        <Fact name={texts.parameters}>{Object.keys(job.parameters).length > 0 && <Json value={job.parameters} />}</Fact>
        <Fact name={texts.metadata}>{Object.keys(job.metadata).length > 0 && <Json value={job.metadata} />}</Fact>
      </Facts>
    </Card>
  );
}

export function JobIds({ ids }: { ids: OperatorJobWhole['request_ids'] }) {
  const { job, terms } = useWords();
  if (ids.length === 0) return null;
  return (
    <Card title={job.ids}>
      <Facts>
        {ids.map(({ kind, id, attempt }) => (
          <Fact
            key={`${kind} ${id}`}
            name={attempt === null || attempt === 1 ? terms.requestIds[kind] : `${terms.requestIds[kind]} (${attempt})`}
          >
            <Id id={id} what={terms.requestIds[kind]} />
          </Fact>
        ))}
      </Facts>
    </Card>
  );
}

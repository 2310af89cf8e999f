import type { OperatorOverview } from '@video-proxy/contracts';
import { Card } from '../../parts/card.tsx';
import { Span } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useSpeech } from '../../words/index.tsx';

export function Times({ overview }: { overview: OperatorOverview }) {
  const { words, locale } = useSpeech();
  const { times, jobs } = overview;
  const allStates = Object.entries(jobs.by_state) as [keyof typeof jobs.by_state, number][];
  const states = allStates.filter(([, count]) => count > 0);
  return (
    <Card title={times === null ? words.overview.states : words.overview.times}>
      <div className="stack">
        {times !== null && (
          <table className="times">
            <caption className="hint">{words.overview.timesOf(times.jobs)}</caption>
            <thead>
              <tr>
                <td />
                <th scope="col">{words.overview.half}</th>
                <th scope="col">{words.overview.most}</th>
              </tr>
            </thead>
            <tbody>
              <TimesRow name={words.overview.waitTime} spread={times.waiting} />
              <TimesRow name={words.overview.makeTime} spread={times.making} />
            </tbody>
          </table>
        )}
        {states.length === 0 && <p className="soft">{words.jobs.emptyAtAll}</p>}
        <ul className="states row">
          {states.map(([state, count]) => (
            <li key={state}>
              <Link href={`/ops/jobs?phase=${state}`} className="soft">
                {words.terms.phases[state]}
              </Link>{' '}
              <span className="number">{count.toLocaleString(locale)}</span>
            </li>
          ))}
        </ul>
      </div>
    </Card>
  );
}

type Spread = NonNullable<OperatorOverview['times']>['waiting'];

function TimesRow({ name, spread }: { name: string; spread: Spread }) {
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>
        <Span seconds={spread.p50_seconds} />
      </td>
      <td>
        <Span seconds={spread.p90_seconds} />
      </td>
    </tr>
  );
}

import { exactTime } from '../../parts/time.tsx';
import { navigate } from '../../route/location.ts';
import { useSpeech } from '../../words/index.tsx';
import { type ConditionName, type Conditions, jobsAddress } from './search.ts';

/** What the list is narrowed to, each to be taken away with one click. */
export function ActiveConditions({ conditions }: { conditions: Conditions }) {
  const { words, locale } = useSpeech();
  const { jobs, terms } = words;
  const texts = { ...terms.statuses, ...terms.phases, ...terms.codes } as Readonly<Record<string, string>>;
  const names: Readonly<Record<ConditionName, string>> = { ...jobs, q: jobs.search };
  const active = Object.entries(conditions) as [ConditionName, string][];
  if (active.length === 0) return null;
  const textOf = (name: ConditionName, value: string) =>
    name === 'from' || name === 'to'
      ? exactTime(Number(value), locale)
      : name === 'q'
        ? value
        : (texts[value] ?? value);
  return (
    <ul className="row active-conditions">
      {active.map(([name, value]) => (
        <li key={name}>
          <button
            type="button"
            className="button small"
            onClick={() => navigate(jobsAddress({ ...conditions, [name]: '' }))}
          >
            <span className="unseen">{jobs.remove}</span>
            <span className="soft">{names[name]}</span>
            <bdi dir="auto" className="condition-value">
              {textOf(name, value)}
            </bdi>
            <span aria-hidden="true">×</span>
          </button>
        </li>
      ))}
      {active.length > 1 && (
        <li>
          <button type="button" className="button small quiet" onClick={() => navigate('/ops/jobs')}>
            {jobs.clear}
          </button>
        </li>
      )}
    </ul>
  );
}

import type { FailureGroup } from '@video-proxy/contracts';
import { Bars } from '../../parts/bars.tsx';
import { Clock } from '../../parts/time.tsx';
import { useSpeech } from '../../words/index.tsx';

/** More bars than this are thinner than a pixel on a phone. */
const barsMax = 60;

export function Trend({ group: { trend } }: { group: FailureGroup }) {
  const { words, locale } = useSpeech();
  const steps = merged(trend);
  const peak = Math.max(0, ...steps.map(({ count }) => count));
  const total = steps.reduce((sum, { count }) => sum + count, 0);
  const time = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
  const bars = steps.map(({ at, count }) => ({
    key: at,
    title: `${time.format(at * 1_000)}: ${count}`,
    parts: [{ className: 'bad', value: count }],
  }));
  const [first, last] = [steps.at(0), steps.at(-1)];
  return (
    <figure className="trend">
      <Bars bars={bars} label={words.failures.trendSummary(total, peak)} />
      <figcaption className="row spread soft">
        {first !== undefined && <Clock at={first.at} />}
        <span>{words.failures.trend}</span>
        {last !== undefined && <Clock at={last.at} />}
      </figcaption>
    </figure>
  );
}

function merged(trend: FailureGroup['trend']): FailureGroup['trend'] {
  const size = Math.ceil(trend.length / barsMax);
  if (size <= 1) return trend;
  return Array.from({ length: Math.ceil(trend.length / size) }, (_, index) => {
    const part = trend.slice(index * size, (index + 1) * size);
    return { at: part[0]?.at ?? 0, count: part.reduce((sum, { count }) => sum + count, 0) };
  });
}

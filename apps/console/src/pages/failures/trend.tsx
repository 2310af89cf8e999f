import { Bars } from '../../parts/bars.tsx';
import { Clock } from '../../parts/time.tsx';
import { useSpeech } from '../../words/index.tsx';

/** Where a row of counts begins, and how many seconds each is about. */
export interface TimeScale {
  readonly from: number;
  readonly step: number;
}

/** More bars than this are thinner than a pixel on a phone. */
const barsMax = 60;

export function Trend({ counts, scale }: { counts: readonly number[]; scale: TimeScale }) {
  const { words, locale } = useSpeech();
  const steps = merged(counts, scale);
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

function merged(counts: readonly number[], { from, step }: TimeScale): { at: number; count: number }[] {
  const size = Math.max(1, Math.ceil(counts.length / barsMax));
  return Array.from({ length: Math.ceil(counts.length / size) }, (_, index) => ({
    at: from + index * size * step,
    count: counts.slice(index * size, (index + 1) * size).reduce((sum, count) => sum + count, 0),
  }));
}

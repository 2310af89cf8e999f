import type { OperatorJobWhole } from '@video-proxy/contracts';
import { useNow } from '../../look/clock.ts';
import { spanText } from '../../parts/time.tsx';
import { useWords } from '../../words/index.tsx';

type Timings = OperatorJobWhole['timings'];

/** Where the time went, drawn to scale; the legend has the numbers. */
export function PhaseBar({ timings }: { timings: Timings }) {
  const words = useWords();
  const now = useNow();
  const ended = new Set(['completed', 'failed', 'cancelled']);
  const spans = timings
    .filter(({ phase }) => !ended.has(phase))
    .map(({ phase, attempt, from, to, seconds }) => ({
      phase,
      attempt,
      from,
      seconds: seconds ?? Math.max(0, (to ?? now) - from),
    }));
  const total = spans.reduce((sum, { seconds }) => sum + seconds, 0);
  if (spans.length === 0) return null;
  const text = ({ phase, seconds }: (typeof spans)[number]) =>
    words.job.phaseSpan(words.terms.phases[phase], spanText(seconds, words));
  return (
    <figure className="phases">
      <div className="phase-bar" aria-hidden="true">
        {spans.map((span, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: spans are only ever added at the end.
            key={index}
            className={`phase-${span.phase}`}
            title={text(span)}
            style={{ flexGrow: total === 0 ? 1 : span.seconds / total }}
          />
        ))}
      </div>
      <figcaption>
        <ul className="row">
          {spans.map((span, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above.
            <li key={index} className={`phase-${span.phase}`}>
              {text(span)}
            </li>
          ))}
        </ul>
      </figcaption>
    </figure>
  );
}

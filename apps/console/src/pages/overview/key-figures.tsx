import type { OperatorOverview } from '@video-proxy/contracts';
import type { ReactNode } from 'react';
import { useNow } from '../../look/clock.ts';
import { spanText } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useSpeech } from '../../words/index.tsx';

const underwayStates = ['submitting', 'submission_unknown', 'generating', 'storing', 'cancelling'] as const;
const day = 24 * 3_600;

export function KeyFigures({ overview }: { overview: OperatorOverview }) {
  const { words, locale } = useSpeech();
  const now = useNow();
  const { waiting, jobs, hours } = overview;
  const underway = underwayStates.reduce((sum, state) => sum + jobs.by_state[state], 0);
  const completed = hours.reduce((sum, hour) => sum + hour.completed, 0);
  const failed = hours.reduce((sum, hour) => sum + hour.failed, 0);
  const rate = completed + failed === 0 ? 0 : failed / (completed + failed);
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(rate);
  const since = now - day;
  const waitingDetail = [
    words.overview.waitingDetail(waiting.owners),
    ...(waiting.oldest_since === null
      ? []
      : [words.overview.oldest(spanText(overview.generated_at - waiting.oldest_since, words))]),
  ].join(' · ');
  return (
    <ul className="figures">
      <Figure href="/ops/jobs?status=queued" name={words.overview.waiting} value={waiting.jobs}>
        {waiting.jobs === 0 ? ' ' : waitingDetail}
      </Figure>
      <Figure href="/ops/jobs?status=in_progress" name={words.overview.underway} value={underway}>
        {' '}
      </Figure>
      <Figure href={`/ops/jobs?status=completed&from=${since}`} name={words.overview.completed} value={completed}>
        {' '}
      </Figure>
      <Figure
        href={`/ops/jobs?status=failed&from=${since}`}
        name={words.overview.failed}
        value={failed}
        bad={failed > 0}
      >
        {failed === 0 ? ' ' : words.overview.rate(percent)}
      </Figure>
    </ul>
  );
}

interface FigureParts {
  readonly href: string;
  readonly name: string;
  readonly value: number;
  readonly bad?: boolean;
  readonly children: ReactNode;
}

function Figure({ href, name, value, bad = false, children }: FigureParts) {
  const { locale } = useSpeech();
  return (
    <li>
      <Link href={href} className="card figure">
        <span className="soft">{name}</span>
        <strong className={bad ? 'number bad' : 'number'}>{value.toLocaleString(locale)}</strong>
        <span className="soft detail">{children}</span>
      </Link>
    </li>
  );
}

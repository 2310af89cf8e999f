import type { OperatorOverview } from '@video-proxy/contracts';
import { type Bar, Bars } from '../../parts/bars.tsx';
import { Card } from '../../parts/card.tsx';
import { Clock } from '../../parts/time.tsx';
import { useSpeech } from '../../words/index.tsx';

type Hour = OperatorOverview['hours'][number];

export function Activity({ hours }: { hours: readonly Hour[] }) {
  const { words, locale } = useSpeech();
  const sum = (of: (hour: Hour) => number) => hours.reduce((total, hour) => total + of(hour), 0);
  const [created, completed, failed] = [
    sum((hour) => hour.created),
    sum((hour) => hour.completed),
    sum((hour) => hour.failed),
  ];
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
  const bars: Bar[] = hours.map((hour) => ({
    key: hour.from,
    title: `${time.format(hour.from * 1_000)}: ${words.overview.activityTally(hour.created, hour.completed, hour.failed)}`,
    parts: [
      { className: 'ok', value: hour.completed },
      { className: 'bad', value: hour.failed },
      { className: 'other', value: Math.max(0, hour.created - hour.completed - hour.failed) },
    ],
  }));
  const [first, last] = [hours.at(0), hours.at(-1)];
  return (
    <Card title={words.overview.activity}>
      <div className="activity">
        <Bars bars={bars} label={words.overview.activitySummary(created, completed, failed)} />
        <p className="row spread soft">
          {first !== undefined && <Clock at={first.from} />}
          <span className="wide-only">{words.overview.activityHint}</span>
          {last !== undefined && <Clock at={last.from} />}
        </p>
        <ul className="legend row">
          <li className="ok">
            <span className="soft">{words.terms.statuses.completed}</span> {completed.toLocaleString(locale)}
          </li>
          <li className="bad">
            <span className="soft">{words.terms.statuses.failed}</span> {failed.toLocaleString(locale)}
          </li>
          <li className="other">
            <span className="soft">{words.overview.other}</span> {(created - completed - failed).toLocaleString(locale)}
          </li>
        </ul>
      </div>
    </Card>
  );
}

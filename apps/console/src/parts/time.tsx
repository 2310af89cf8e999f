import { useNow } from '../look/clock.ts';
import { useSpeech, useWords, type Words } from '../words/index.tsx';

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** A span of time with one number that matters: `42 s`, `5 min`, `3 h`. */
export function spanText(seconds: number, { common }: Words): string {
  const whole = Math.max(0, seconds);
  if (whole < 1.5 * minute) return common.seconds(whole < 10 ? Math.round(whole * 10) / 10 : Math.round(whole));
  if (whole < 1.5 * hour) return common.minutes(Math.round(whole / minute));
  if (whole < 2 * day) return common.hours(Math.round(whole / hour));
  return common.days(Math.round(whole / day));
}

export function Span({ seconds }: { seconds: number }) {
  const words = useWords();
  return <span className="number">{spanText(seconds, words)}</span>;
}

/** In the viewer's own time zone, with its name: two operators may sit in two of them. */
export function exactTime(at: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'long' }).format(at * 1_000);
}

/** How long ago, or how soon; the exact time on hover and for screen readers that ask for titles. */
export function When({ at }: { at: number }) {
  const { words, locale } = useSpeech();
  const now = useNow();
  const past = now - at;
  const text =
    Math.abs(past) < 5
      ? words.common.justNow
      : past > 0
        ? words.common.ago(spanText(past, words))
        : words.common.within(spanText(-past, words));
  return (
    <time dateTime={new Date(at * 1_000).toISOString()} title={exactTime(at, locale)}>
      {text}
    </time>
  );
}

/** The time of day, with the date when it is not today. */
export function Clock({ at, seconds = false }: { at: number; seconds?: boolean }) {
  const { locale } = useSpeech();
  const date = new Date(at * 1_000);
  const isToday = date.toDateString() === new Date().toDateString();
  const text = new Intl.DateTimeFormat(locale, {
    ...(isToday ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  }).format(date);
  return (
    <time dateTime={date.toISOString()} title={exactTime(at, locale)}>
      {text}
    </time>
  );
}

import { isTerminal, type VideoJob } from '@video-proxy/core';
import { formatEvent, keepAlive } from '../../http/event-stream.ts';
import type { SurfaceParts } from '../surface-parts.ts';
import type { Language } from './language.ts';
import { noticeView } from './page.ts';
import { headingOf, renderView } from './view.ts';
import { wordsOf } from './words.ts';

/** How often the estimate is told while nothing happens. */
const quietMs = 5_000;
const longestMs = 3_600_000;
/** What `EventSource` waits before it connects again. */
const reconnectLine = 'retry: 2000\n\n';

export interface LiveOptions {
  readonly token: string;
  readonly language: Language;
  readonly baseUrl: string;
  readonly signal: AbortSignal;
}

/** The view of a job as it changes, until it has ended. Each event is the whole view, so none has to be sent again. */
export async function* liveViews(
  job: VideoJob,
  { jobs, viewer, now }: Pick<SurfaceParts, 'jobs' | 'viewer' | 'now'>,
  { token, language, baseUrl, signal }: LiveOptions,
): AsyncGenerator<string> {
  const words = wordsOf[language];
  let shown = '';
  let current = job;
  yield reconnectLine;
  for await (const followed of jobs.follow(job.id, { after: null, quietMs, longestMs, signal })) {
    if (followed.kind !== 'quiet') current = followed.job;
    const wire = await viewer.present(current, baseUrl);
    const html = renderView(wire, { language, filesPath: token, nowMs: now() });
    const ended = isTerminal(current.lifecycle.state);
    // The history comes first, all of it with the job as it is now.
    yield html === shown
      ? keepAlive
      : formatEvent({ event: 'view', data: { html, title: headingOf(wire, words), ended } });
    shown = html;
    if (ended) return;
  }
  const isGone = !signal.aborted && (await jobs.getWatched(token)) === null;
  if (isGone) yield formatEvent({ event: 'view', data: { ...noticeView(language, words.gone), ended: true } });
}

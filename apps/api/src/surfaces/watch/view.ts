import type { VideoJobWire } from '@video-proxy/contracts';
import { escapeHtml } from './html.ts';
import type { Language } from './language.ts';
import { type Words, wordsOf } from './words.ts';

const dayMs = 86_400_000;

export interface ViewOptions {
  readonly language: Language;
  /** Where the files of the job are, relative to the page, without a slash at the end. */
  readonly filesPath: string;
  readonly nowMs: number;
}

/** What one job looks like to whoever was given its link: the part of the page that changes while it is followed. */
export function renderView(job: VideoJobWire, options: ViewOptions): string {
  const words = wordsOf[options.language];
  const parts = [
    `<h1>${headingOf(job, words)}</h1>`,
    job.links.video === null ? '' : player(job, words, options),
    job.status === 'queued' || job.status === 'in_progress' ? running(job, words, options) : '',
    job.late ? `<p class="soft">${words.late}</p>` : '',
    job.error === null ? '' : failed(job, job.error, words),
    job.prompt === null ? '' : `<blockquote>${escapeHtml(job.prompt)}</blockquote>`,
    about(job, words, options),
  ];
  return parts.filter((part) => part !== '').join('\n');
}

export function headingOf({ status, error }: VideoJobWire, { headings }: Words): string {
  return headings[error?.code === 'cancelled' ? 'cancelled' : status];
}

function player({ video }: VideoJobWire, words: Words, { filesPath }: ViewOptions): string {
  const path = `${filesPath}/video.mp4`;
  const size = video === null ? '' : ` width="${video.width}" height="${video.height}"`;
  return `<video controls playsinline preload="metadata"${size} poster="${filesPath}/poster.jpg" src="${path}">
<a href="${path}">${words.open}</a></video>
<p><a class="button" href="${path}?download" download>${words.download}</a></p>`;
}

function running(job: VideoJobWire, words: Words, { nowMs }: ViewOptions): string {
  const facts = [
    words.phases[job.phase] ?? '',
    job.queue_position === null ? '' : words.place(job.queue_position),
    job.eta_seconds === null ? '' : words.left(job.eta_seconds),
  ].filter((fact) => fact !== '');
  return `<progress max="100" value="${job.progress}" aria-label="${words.progress}">${job.progress} %</progress>
<p>${facts.join(' ')}</p>
${job.hold === null ? '' : `<p class="held">${escapeHtml(words.hold(job.hold))}</p>\n`}<p class="soft">${words.since}: <time data-since="${job.created_at}">${clock(nowMs / 1_000 - job.created_at)}</time><br>${words.follows}</p>`;
}

/** Minutes and seconds, the same in every language; `assets/watch.js` lets it go on. */
function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function failed(job: VideoJobWire, error: NonNullable<VideoJobWire['error']>, words: Words): string {
  const told = `<p class="bad">${escapeHtml(words.failure(error))}</p>`;
  return error.code === 'cancelled'
    ? told
    : `${told}\n<p class="soft">${words.requestId}: ${escapeHtml(job.request_id)}</p>`;
}

function about(job: VideoJobWire, words: Words, { language, nowMs }: ViewOptions): string {
  const lines = [
    `${escapeHtml(job.model)}${job.provider === 'sandbox' ? ` · ${words.simulated}` : ''}`,
    job.id,
    ...(job.expires_at === null ? [] : [keptUntil(job.expires_at * 1_000, nowMs, words, language)]),
  ];
  return `<p class="soft">${lines.join('<br>')}</p>`;
}

function keptUntil(untilMs: number, nowMs: number, words: Words, language: Language): string {
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(untilMs);
  return words.kept(date, Math.max(0, Math.floor((untilMs - nowMs) / dayMs)));
}

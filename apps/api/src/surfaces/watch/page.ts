import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Problem } from '../../problem.ts';
import { escapeHtml } from './html.ts';
import { type Language, languageOf } from './language.ts';
import { wordsOf } from './words.ts';

/** The look of the page and what follows the job on it: both small enough to come along, so there is nothing else to load. */
const style = readFileSync(new URL('../../../assets/watch.css', import.meta.url), 'utf8');
const script = readFileSync(new URL('../../../assets/watch.js', import.meta.url), 'utf8');

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only our own style, script, film and picture; nobody may frame it. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src ${hashOf(style)}`,
  `script-src ${hashOf(script)}`,
  "connect-src 'self'",
  "media-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The same where films are played from another place. */
export function pagePolicyWith(mediaOrigin: string | null): string {
  return mediaOrigin === null ? pagePolicy : pagePolicy.replace("media-src 'self'", `media-src 'self' ${mediaOrigin}`);
}

export interface Page {
  readonly language: Language;
  readonly title: string;
  /** HTML for the head: whatever came from outside has gone through `escapeHtml`. */
  readonly head?: string;
  /** HTML, likewise. */
  readonly main: string;
  /** Where the page hears what happens, relative to itself; null when nothing will change. */
  readonly eventsPath: string | null;
}

/** Without JavaScript a page that follows loads itself again. */
const refresh = '<noscript><meta http-equiv="refresh" content="5"></noscript>';

export function renderPage({ language, title, head = '', main, eventsPath }: Page): string {
  const follows = eventsPath === null ? '' : ` data-events="${escapeHtml(eventsPath)}"`;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${eventsPath === null ? '' : refresh}<title>${escapeHtml(title)}</title>
${head}<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body><main${follows}><div id="view">${main}</div>
${eventsPath === null ? '' : '<p class="unseen" role="status"></p>'}</main>
${eventsPath === null ? '' : `<script type="module">${script}</script>\n`}</body>
</html>
`;
}

/** What a page that only says something shows. */
export function noticeView(language: Language, said: string): { readonly title: string; readonly html: string } {
  const title = wordsOf[language].notice;
  return { title, html: `<h1>${title}</h1><p>${escapeHtml(said)}</p>` };
}

export function renderNotice(headers: Parameters<typeof languageOf>[0], why: Problem): string {
  const language = languageOf(headers);
  const { title, html } = noticeView(language, wordsOf[language].refusal(why));
  return renderPage({ language, title, main: html, eventsPath: null });
}

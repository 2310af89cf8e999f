import { createHash } from 'node:crypto';

/** Small on purpose: one page, readable on a phone and in the dark, that works without JavaScript. */
const style = `
:root{color-scheme:light dark;--ink:#1c2024;--soft:#60646c;--line:#d9d9e0;--card:#fff;--ground:#f4f4f6;--accent:#0b68cb;--bad:#b91c1c}
@media (prefers-color-scheme:dark){:root{--ink:#edeef0;--soft:#a5a9b3;--line:#363a3f;--card:#1b1d20;--ground:#101113;--accent:#6cb2ff;--bad:#ff8d85}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1rem;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,sans-serif}
main{width:100%;max-width:46rem;padding:1.25rem;background:var(--card);border:1px solid var(--line);border-radius:14px}
h1{margin:0 0 .25rem;font-size:1.2rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
video{display:block;width:100%;max-height:70vh;margin:.75rem 0;border-radius:10px;background:#000}
progress{width:100%;height:.6rem;accent-color:var(--accent)}
a{color:var(--accent)}
.soft{color:var(--soft);font-size:.875rem}
.bad{color:var(--bad)}
`;

const styleHash = createHash('sha256').update(style).digest('base64');

/** Nothing may run, nothing may load but our own film, nobody may frame it. */
export const pagePolicy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "media-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

export interface Page {
  readonly title: string;
  /** HTML; whatever came from outside has gone through `escapeHtml`. */
  readonly body: string;
  /** Loads itself again after this time; null when nothing will change. */
  readonly refreshSeconds: number | null;
}

export function renderPage({ title, body, refreshSeconds }: Page): string {
  const refresh = refreshSeconds === null ? '' : `<meta http-equiv="refresh" content="${refreshSeconds}">`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
${refresh}<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body><main>${body}</main></body>
</html>
`;
}

/** A page that only says something. */
export function renderNotice(message: string): string {
  return renderPage({ title: 'Video', body: `<h1>Video</h1><p>${escapeHtml(message)}</p>`, refreshSeconds: null });
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

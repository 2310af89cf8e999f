/**
 * Only our own files; nothing inline, nobody may frame it, and no text can become markup or script by way of the DOM.
 * Films and posters may come from the storage, where players are sent on to it.
 */
export function consolePolicy(mediaOrigin: string | null): string {
  const media = mediaOrigin === null ? "'self'" : `'self' ${mediaOrigin}`;
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    `img-src ${media}`,
    `media-src ${media}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types 'none'",
  ].join('; ');
}

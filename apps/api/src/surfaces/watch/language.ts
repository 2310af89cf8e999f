import type { IncomingHttpHeaders } from 'node:http';
import Negotiator from 'negotiator';

const languages = ['en', 'zh'] as const;
export type Language = (typeof languages)[number];

/** The language of a page, by what the browser prefers; English when it wants neither. */
export function languageOf(headers: IncomingHttpHeaders): Language {
  const wanted = new Negotiator({ headers }).language([...languages]);
  return languages.find((language) => language === wanted) ?? 'en';
}

import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { storedChoice } from '../look/stored-choice.ts';
import { type Words, wordsInEnglish } from './en.ts';
import { wordsInChinese } from './zh.ts';

export type Language = 'en' | 'zh';
export type { Words };

const dictionaries: Readonly<Record<Language, Words>> = { en: wordsInEnglish, zh: wordsInChinese };
const chosenLanguage = storedChoice<Language>('video-proxy.language', ['en', 'zh']);

/** Numbers and dates are written the way the browser is set up, where that is the language of the page. */
function localeOf(language: Language): string {
  return navigator.languages.find((locale) => locale.startsWith(language)) ?? (language === 'zh' ? 'zh-CN' : 'en-GB');
}

interface Spoken {
  readonly language: Language;
  readonly locale: string;
  readonly words: Words;
}

const Speech = createContext<Spoken>({ language: 'en', locale: 'en-GB', words: wordsInEnglish });

export function Speaking({ children }: { children: ReactNode }) {
  const language = chosenLanguage.use() ?? (navigator.language.startsWith('zh') ? 'zh' : 'en');
  const locale = localeOf(language);
  useEffect(() => {
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : 'en';
  }, [language]);
  return <Speech value={{ language, locale, words: dictionaries[language] }}>{children}</Speech>;
}

export function useWords(): Words {
  return useContext(Speech).words;
}

export function useSpeech(): Spoken & { readonly speak: (language: Language) => void } {
  return { ...useContext(Speech), speak: chosenLanguage.choose };
}

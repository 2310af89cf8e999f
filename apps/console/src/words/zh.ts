import { type Words, wordsInEnglish } from './en.ts';
export const wordsInChinese: Words = wordsInEnglish;

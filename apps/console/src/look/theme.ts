import { storedChoice } from './stored-choice.ts';

export type Theme = 'light' | 'dark';

const chosenTheme = storedChoice<Theme>('video-proxy.theme', ['light', 'dark']);

/** The stylesheet follows the system; a choice of the person goes before. */
export function applyTheme(theme: Theme | null = chosenTheme.current()): void {
  if (theme === null) delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export function useTheme(): { readonly theme: Theme; readonly toggle: () => void } {
  const system = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  const theme = chosenTheme.use() ?? system;
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    chosenTheme.choose(next);
    applyTheme(next);
  };
  return { theme, toggle };
}

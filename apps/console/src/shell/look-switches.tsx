import { useTheme } from '../look/theme.ts';
import { MoonIcon, SunIcon } from '../parts/icons.tsx';
import { useSpeech } from '../words/index.tsx';

export function LookSwitches() {
  const { theme, toggle } = useTheme();
  const { language, words, speak } = useSpeech();
  const other = language === 'en' ? 'zh' : 'en';
  const themeText = theme === 'dark' ? words.shell.toLight : words.shell.toDark;
  return (
    <>
      <button type="button" className="button quiet small" lang={other} onClick={() => speak(other)}>
        {words.shell.otherLanguage}
      </button>
      <button type="button" className="icon-button" onClick={toggle} title={themeText} aria-label={themeText}>
        {theme === 'dark' ? <SunIcon /> : <MoonIcon />}
      </button>
    </>
  );
}

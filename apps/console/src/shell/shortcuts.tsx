import { useEffect, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { navigate } from '../route/location.ts';
import { type PageName, pageOf, pathOf, viewOf } from '../route/views.ts';
import { useWords } from '../words/index.tsx';

const goKeys: Readonly<Record<string, PageName>> = {
  o: 'overview',
  f: 'failures',
  j: 'jobs',
  c: 'credential',
  q: 'dispatch',
  a: 'audit',
};
/** Within this time after `g` the second key counts. */
const secondKeyMs = 1_500;
export const searchBoxId = 'search';

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null;

/** `g o` and its like, `/` and `?`; nothing while somebody types, and nothing that a browser or a screen reader uses. */
export function useShortcuts(): { readonly helpIsOpen: boolean; readonly setHelpIsOpen: (open: boolean) => void } {
  const [helpIsOpen, setHelpIsOpen] = useState(false);
  useEffect(() => {
    let goUntilMs = 0;
    const press = (event: KeyboardEvent) => {
      if (event.key === 'Escape' && event.target instanceof HTMLInputElement) event.target.blur();
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      const page = event.timeStamp < goUntilMs ? goKeys[event.key] : undefined;
      goUntilMs = event.key === 'g' ? event.timeStamp + secondKeyMs : 0;
      if (page !== undefined) navigate(pathOf(page));
      else if (event.key === '/') toSearch();
      else if (event.key === '?') setHelpIsOpen(true);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, []);
  return { helpIsOpen, setHelpIsOpen };
}

/** The search box is on the page of jobs, which may have to be drawn first. */
function toSearch(): void {
  if (pageOf(viewOf(location.pathname)) !== 'jobs' || viewOf(location.pathname).name === 'job')
    navigate(pathOf('jobs'));
  requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById(searchBoxId)?.focus()));
}

export function ShortcutHelp({ onClose }: { onClose: () => void }) {
  const { help, pages } = useWords();
  return (
    <Dialog title={help.title} onClose={onClose}>
      <dl className="facts">
        {Object.entries(goKeys).map(([key, page]) => (
          <Shortcut key={key} keys={['g', key]} between={help.between} meaning={help.go(pages[page])} />
        ))}
        <Shortcut keys={['/']} meaning={help.search} />
        <Shortcut keys={['Esc']} meaning={help.escape} />
        <Shortcut keys={['?']} meaning={help.this} />
      </dl>
    </Dialog>
  );
}

function Shortcut({ keys, between, meaning }: { keys: readonly string[]; between?: string; meaning: string }) {
  const [first, second] = keys;
  return (
    <>
      <dt>
        <kbd>{first}</kbd>
        {second !== undefined && (
          <>
            {' '}
            {between} <kbd>{second}</kbd>
          </>
        )}
      </dt>
      <dd>{meaning}</dd>
    </>
  );
}

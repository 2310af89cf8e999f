import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef } from 'react';
import { overviewQuery } from '../api/queries.ts';
import { Badge } from '../parts/badges.tsx';
import { KeyboardIcon, OutIcon } from '../parts/icons.tsx';
import { Link } from '../route/link.tsx';
import { pageOf, pages, pathOf, type View } from '../route/views.ts';
import { useWords } from '../words/index.tsx';
import { LookSwitches } from './look-switches.tsx';
import { PageBoundary } from './page-boundary.tsx';
import { useSession, useSignOut } from './session.tsx';
import { ShortcutHelp, useShortcuts } from './shortcuts.tsx';
import './shell.css';

export function Shell({ view, children }: { view: View; children: ReactNode }) {
  const words = useWords();
  const { helpIsOpen, setHelpIsOpen } = useShortcuts();
  const { provider, role } = useSession();
  return (
    <div className="shell">
      <a className="skip button main" href="#content">
        {words.shell.skip}
      </a>
      <header className="bar">
        <Link href="/ops" className="brand">
          <img src="/ops/icon.svg" alt="" width="22" height="22" />
          {words.product}
        </Link>
        {provider === 'sandbox' && (
          <Badge tone="warn" plain title={words.shell.sandboxMeaning}>
            {words.shell.sandbox}
          </Badge>
        )}
        {role === 'operator_read' && (
          <Badge tone="none" plain title={words.shell.readOnlyMeaning}>
            {words.shell.readOnly}
          </Badge>
        )}
        <div className="row end">
          <LookSwitches />
          <button
            type="button"
            className="icon-button wide-only"
            onClick={() => setHelpIsOpen(true)}
            title={words.shell.help}
            aria-label={words.shell.help}
          >
            <KeyboardIcon />
          </button>
          <SignOutButton />
        </div>
      </header>
      <Navigation view={view} />
      <Content view={view}>{children}</Content>
      {helpIsOpen && <ShortcutHelp onClose={() => setHelpIsOpen(false)} />}
    </div>
  );
}

/** Without a key there is no session that could be ended. */
function SignOutButton() {
  const { shell } = useWords();
  const { authentication } = useSession();
  const signOut = useSignOut();
  if (authentication === 'loopback') return null;
  return (
    <button type="button" className="icon-button" onClick={signOut} title={shell.signOut} aria-label={shell.signOut}>
      <OutIcon />
    </button>
  );
}

function Navigation({ view }: { view: View }) {
  const words = useWords();
  const { data } = useQuery(overviewQuery);
  const list = useRef<HTMLElement>(null);
  const current = pageOf(view);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is marked when it changes.
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);
  const urgent = data?.attention.filter(({ severity }) => severity !== 'info').length ?? 0;
  return (
    <nav ref={list} className="pages" aria-label={words.shell.navigation}>
      {pages.map((page) => (
        <Link key={page} href={pathOf(page)} aria-current={current === page ? 'page' : undefined}>
          {words.pages[page]}
          {page === 'overview' && urgent > 0 && (
            <Badge tone={data?.health === 'ok' ? 'warn' : 'bad'} plain>
              {urgent}
            </Badge>
          )}
        </Link>
      ))}
    </nav>
  );
}

/** After a change of page the focus is on its heading, so that a keyboard or a screen reader goes on from there. */
function Content({ view, children }: { view: View; children: ReactNode }) {
  const words = useWords();
  const place = useRef<HTMLElement>(null);
  const isFirst = useRef(true);
  const key = view.name === 'job' ? view.id : view.name;
  useEffect(() => {
    document.title = `${words.pages[view.name]} · ${words.product}`;
  }, [view.name, words]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says that another page is shown.
  useEffect(() => {
    if (!isFirst.current) place.current?.querySelector('h1')?.focus();
    isFirst.current = false;
  }, [key]);
  return (
    <main id="content" ref={place} className="content">
      <PageBoundary key={key}>{children}</PageBoundary>
    </main>
  );
}

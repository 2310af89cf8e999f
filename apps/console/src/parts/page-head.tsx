import type { ReactNode } from 'react';

/** The heading takes the focus after a change of page. */
export function PageHead({ title, children }: { title: ReactNode; children?: ReactNode }) {
  return (
    <header className="page-head">
      <h1 tabIndex={-1}>{title}</h1>
      {children}
    </header>
  );
}

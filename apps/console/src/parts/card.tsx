import type { ReactNode } from 'react';

interface CardParts {
  readonly title: ReactNode;
  /** On the right of the title. */
  readonly end?: ReactNode;
  /** The content reaches the edges, as tables do. */
  readonly flush?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

export function Card({ title, end, flush = false, className = '', children }: CardParts) {
  return (
    <section className={`card ${className}`}>
      <header className="card-head">
        <h2>{title}</h2>
        {end !== undefined && <div className="end row">{end}</div>}
      </header>
      <div className={flush ? 'card-body flush' : 'card-body'}>{children}</div>
    </section>
  );
}

export function Facts({ children }: { children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

/** One line of a list of facts; left out where there is nothing to say. */
export function Fact({ name, children }: { name: string; children: ReactNode }) {
  if (children === null || children === undefined || children === false) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

/** A list as wide as it needs to be, which scrolls by itself on narrow screens and can be reached with the keyboard. */
export function TableFrame({ label, children }: { label: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reachable with the keyboard.
    <section className="table-frame" aria-label={label} tabIndex={0}>
      {children}
    </section>
  );
}

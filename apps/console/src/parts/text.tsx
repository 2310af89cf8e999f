import { useState } from 'react';
import { useWords } from '../words/index.tsx';

/**
 * What a user or the provider wrote: text, never markup. It brings its own direction along and cannot turn that of what
 * stands around it.
 */
export function ForeignText({ text, className = '' }: { text: string; className?: string }) {
  return (
    <bdi dir="auto" className={`wrap ${className}`}>
      {text}
    </bdi>
  );
}

const shownLengthMax = 600;

/** The same as a paragraph, the rest of a very long one on demand. */
export function LongForeignText({ text }: { text: string }) {
  const { job } = useWords();
  const [whole, setWhole] = useState(false);
  const isLong = text.length > shownLengthMax;
  return (
    <>
      <p dir="auto" className="wrap foreign-block">
        {isLong && !whole ? `${beginningOf(text, shownLengthMax)}…` : text}
      </p>
      {isLong && (
        <button type="button" className="button small" aria-expanded={whole} onClick={() => setWhole(!whole)}>
          {whole ? job.showLess : `${job.showAll} (${text.length.toLocaleString()})`}
        </button>
      )}
    </>
  );
}

/** Never cuts a character in two. */
export function beginningOf(text: string, length: number): string {
  const cut = text.slice(0, length);
  return /[\uD800-\uDBFF]$/.test(cut) ? cut.slice(0, -1) : cut;
}

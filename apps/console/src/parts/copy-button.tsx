import { useEffect, useState } from 'react';
import { useWords } from '../words/index.tsx';
import { CopyIcon, DoneIcon } from './icons.tsx';

const shownMs = 1_500;

/** Copies a text; where the browser keeps the clipboard from a page (plain HTTP), nothing pretends that it worked. */
export function CopyButton({ text, what }: { text: string; what: string }) {
  const { common } = useWords();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), shownMs);
    return () => clearTimeout(timer);
  }, [copied]);
  if (!('clipboard' in navigator)) return null;
  const copy = () => {
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <button
      type="button"
      className="icon-button"
      onClick={copy}
      title={common.copy(what)}
      aria-label={common.copy(what)}
    >
      {copied ? <DoneIcon /> : <CopyIcon />}
      <span className="unseen" role="status">
        {copied ? common.copied : ''}
      </span>
    </button>
  );
}

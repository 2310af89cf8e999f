import { type ReactNode, useId, useLayoutEffect, useRef } from 'react';
import { useWords } from '../words/index.tsx';
import { CloseIcon } from './icons.tsx';
import './dialog.css';

interface DialogParts {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A window in front of the page. The browser keeps the focus inside, closes it on Esc and gives the focus back. */
export function Dialog({ title, onClose, children }: DialogParts) {
  const { common } = useWords();
  const titleId = useId();
  const place = useRef<HTMLDialogElement>(null);
  // Closed while it is still in the page: a dialog that is taken out of it first gives the focus to nobody.
  useLayoutEffect(() => {
    const dialog = place.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={place}
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <header className="row">
        <h2 id={titleId}>{title}</h2>
        <button type="button" className="icon-button" onClick={onClose} aria-label={common.close}>
          <CloseIcon />
        </button>
      </header>
      <div className="stack">{children}</div>
    </dialog>
  );
}

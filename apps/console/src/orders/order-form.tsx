import type { BulkPreview } from '@video-proxy/contracts';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useWords } from '../words/index.tsx';
import { PreviewFacts } from './preview.tsx';

export interface Consent {
  readonly reason: string;
  readonly confirmCost: boolean;
}

interface OrderFormParts {
  readonly preview: BulkPreview;
  readonly isSending: boolean;
  /** What went wrong with the last try. */
  readonly problem: ReactNode;
  readonly onConfirm: (consent: Consent) => void;
  readonly onClose: () => void;
}

/** The preview, the reason, the consent where money may be spent twice, and the button that says what it will do. */
export function OrderForm({ preview, isSending, problem, onConfirm, onClose }: OrderFormParts) {
  const { orders, common } = useWords();
  const reasonId = useId();
  const [reason, setReason] = useState('');
  const [confirmCost, setConfirmCost] = useState(false);
  const { action, unsafe } = preview;
  const asksConsent = action === 'retry' && unsafe > 0;
  const count = asksConsent && !confirmCost ? preview.count - unsafe : preview.count;
  const confirm = (event: FormEvent) => {
    event.preventDefault();
    onConfirm({ reason: reason.trim(), confirmCost });
  };
  return (
    <form className="stack" onSubmit={confirm}>
      <p className="soft">{orders.meanings[action]}</p>
      <PreviewFacts preview={preview} />
      {preview.count === 0 && <p className="note">{orders.nothingToDo}</p>}
      {asksConsent && (
        <div className="note warn stack tight">
          <strong>{orders.unsafe(unsafe)}</strong>
          <span>{orders.unsafeMeaning}</span>
          <label className="inline">
            <input type="checkbox" checked={confirmCost} onChange={(event) => setConfirmCost(event.target.checked)} />
            {orders.confirmCost}
          </label>
        </div>
      )}
      <div className="field">
        <label htmlFor={reasonId}>{common.reason}</label>
        <textarea
          id={reasonId}
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="hint">{orders.reasonHint}</span>
      </div>
      {problem}
      <div className="actions">
        <button type="button" className="button" onClick={onClose}>
          {common.cancel}
        </button>
        <button
          type="submit"
          className={`button main ${action === 'delete' || action === 'cancel' ? 'danger' : ''}`}
          disabled={isSending || count === 0}
        >
          {orders.confirm[action](count)}
        </button>
      </div>
    </form>
  );
}

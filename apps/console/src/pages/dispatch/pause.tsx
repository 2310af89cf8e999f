import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { DispatchState, OperatorQueues } from '@video-proxy/contracts';
import { type FormEvent, useState } from 'react';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { Badge } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { spanText, When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useNotice } from '../../shell/notice.tsx';
import { useMayChange } from '../../shell/session.tsx';
import { useWords } from '../../words/index.tsx';

export function PauseCard({ queues }: { queues: OperatorQueues }) {
  const words = useWords();
  const { dispatch } = words;
  const mayChange = useMayChange();
  const { paused } = queues;
  return (
    <Card
      title={paused === null ? dispatch.running : dispatch.paused}
      end={<Link href="/ops/jobs?status=queued">{dispatch.waiting(queues.waiting_jobs)}</Link>}
    >
      <div className="stack tight">
        {paused === null ? (
          <p className="soft">{dispatch.runningLead}</p>
        ) : (
          <>
            <p className="row">
              <Badge tone="warn">{words.overview.paused}</Badge>
              <When at={paused.since} />
              {paused.until !== null && (
                <span className="soft">
                  {words.job.until} <When at={paused.until} />
                </span>
              )}
            </p>
            <blockquote className="pause-reason">
              <ForeignText text={paused.reason} />
            </blockquote>
            {paused.by !== null && (
              <p className="soft">
                {dispatch.pausedBy} <ForeignText text={paused.by} />
              </p>
            )}
          </>
        )}
        <p className="hint">{dispatch.holdMax(spanText(queues.hold_max_seconds, words))}</p>
        {mayChange && <p>{paused === null ? <PauseButton /> : <ResumeButton />}</p>}
      </div>
    </Card>
  );
}

function ResumeButton() {
  const client = useQueryClient();
  const announce = useNotice();
  const { dispatch } = useWords();
  const resume = useMutation({
    mutationFn: () => call<DispatchState>('/dispatch/resume', { method: 'POST', body: {} }),
    onSuccess: () => announce(dispatch.resumed),
    onSettled: () => refreshAll(client),
  });
  return (
    <>
      <button type="button" className="button main" disabled={resume.isPending} onClick={() => resume.mutate()}>
        {dispatch.resume}
      </button>
      {resume.isError && <ProblemNote error={resume.error} />}
    </>
  );
}

function PauseButton() {
  const { dispatch } = useWords();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" onClick={() => setIsOpen(true)}>
        {dispatch.pause}…
      </button>
      {isOpen && <PauseDialog onClose={() => setIsOpen(false)} />}
    </>
  );
}

const minute = 60;
/** How long a pause may last from the start; null: until somebody ends it. */
const lengths = [null, 15 * minute, 60 * minute, 4 * 60 * minute] as const;

function PauseDialog({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const words = useWords();
  const { dispatch, common } = words;
  const [reason, setReason] = useState('');
  const [seconds, setSeconds] = useState<number | null>(null);
  const pause = useMutation({
    mutationFn: () => {
      const until = seconds === null ? null : Math.floor(Date.now() / 1_000) + seconds;
      return call<DispatchState>('/dispatch/pause', { method: 'POST', body: { reason: reason.trim(), until } });
    },
    onSuccess: onClose,
    onSettled: () => refreshAll(client),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    pause.mutate();
  };
  return (
    <Dialog title={dispatch.pause} onClose={onClose}>
      <form className="stack" onSubmit={submit}>
        <p className="soft">{dispatch.pauseLead}</p>
        <label>
          {dispatch.pauseReason}
          <textarea
            required
            rows={2}
            maxLength={500}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
          <span className="hint">{dispatch.pauseReasonHint}</span>
        </label>
        <label>
          {dispatch.pauseUntil}
          <select
            value={seconds ?? ''}
            onChange={(event) => setSeconds(event.target.value === '' ? null : Number(event.target.value))}
          >
            {lengths.map((length) => (
              <option key={length} value={length ?? ''}>
                {length === null ? dispatch.untilResumed : common.within(spanText(length, words))}
              </option>
            ))}
          </select>
        </label>
        {pause.isError && <ProblemNote error={pause.error} />}
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            {common.cancel}
          </button>
          <button type="submit" className="button main danger" disabled={pause.isPending || reason.trim() === ''}>
            {dispatch.pause}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

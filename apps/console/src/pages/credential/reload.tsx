import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CredentialReload } from '@video-proxy/contracts';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { Badge } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { useWords } from '../../words/index.tsx';

export function Reload() {
  const client = useQueryClient();
  const { credential: words } = useWords();
  const reload = useMutation({
    mutationFn: () => call<CredentialReload>('/credential/reload', { method: 'POST', body: {} }),
    onSettled: () => refreshAll(client),
  });
  return (
    <Card title={words.reload}>
      <div className="stack tight">
        <div className="row">
          <button type="button" className="button" disabled={reload.isPending} onClick={() => reload.mutate()}>
            {reload.isPending ? words.reloading : words.reload}
          </button>
        </div>
        <div role="status">{reload.data !== undefined && <Outcome outcome={reload.data} />}</div>
        {reload.isError && <ProblemNote error={reload.error} />}
      </div>
    </Card>
  );
}

function Outcome({ outcome }: { outcome: CredentialReload }) {
  const { credential: words, common, told } = useWords();
  return (
    <div className="stack tight">
      <p>
        <ForeignText text={told.finding(outcome.said, outcome.message)} />
      </p>
      <ul className="stack tight">
        {outcome.workers.map((worker) => (
          <li key={worker.worker} className="row">
            <code>{worker.fingerprint ?? common.none}</code>
            <Badge tone={worker.changed ? 'ok' : 'none'}>{worker.changed ? words.changed : words.unchanged}</Badge>
            <ForeignText text={worker.host} className="soft" />
            {worker.restart_needed && <span className="warn">{words.restartNeeded}</span>}
            {worker.finding !== null && (
              <ForeignText text={told.finding(worker.said, worker.finding)} className="bad" />
            )}
          </li>
        ))}
      </ul>
      {outcome.silent.length > 0 && <p className="warn">{words.silent(outcome.silent.length)}</p>}
    </div>
  );
}

import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { CredentialProbe } from '@video-proxy/contracts';
import { call } from '../../api/call.ts';
import { refreshAll } from '../../api/queries.ts';
import { Badge, type Tone } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { Id } from '../../parts/id.tsx';
import { ProblemNote } from '../../parts/states.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { Clock } from '../../parts/time.tsx';
import { useSpeech } from '../../words/index.tsx';

const tones: Readonly<Record<CredentialProbe['outcome'], Tone>> = {
  ok: 'ok',
  refused: 'bad',
  unavailable: 'warn',
  no_key: 'bad',
};

export function Probe() {
  const client = useQueryClient();
  const { credential: words } = useSpeech().words;
  const probe = useMutation({
    mutationFn: () => call<CredentialProbe>('/credential/probe', { method: 'POST', body: {} }),
    onSettled: () => refreshAll(client),
  });
  return (
    <Card title={words.probe}>
      <div className="stack tight">
        <div className="row">
          <button type="button" className="button main" disabled={probe.isPending} onClick={() => probe.mutate()}>
            {probe.isPending ? words.probing : words.probe}
          </button>
          <span className="hint">{words.probeHint}</span>
        </div>
        <div role="status">{probe.data !== undefined && <Answer answer={probe.data} />}</div>
        {probe.isError && <ProblemNote error={probe.error} />}
      </div>
    </Card>
  );
}

function Answer({ answer }: { answer: CredentialProbe }) {
  const { words, locale } = useSpeech();
  const { credential, evidence } = words;
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency: 'USD' });
  return (
    <div className="stack tight">
      <p className="row">
        <Badge tone={tones[answer.outcome]}>{credential.outcomes[answer.outcome]}</Badge>
        <span className="soft">
          <Clock at={answer.asked_at} seconds /> · {credential.took(answer.took_ms)}
        </span>
        {answer.balance_usd !== null && (
          <span>
            {credential.balance} <strong className="number">{money.format(answer.balance_usd)}</strong>
          </span>
        )}
      </p>
      <p>
        <ForeignText text={words.told.finding(answer.said, answer.message)} />
      </p>
      {answer.provider?.request_id != null && (
        <p className="row">
          <span className="soft">{evidence.requestId}</span>
          <Id id={answer.provider.request_id} what={evidence.requestId} />
        </p>
      )}
    </div>
  );
}

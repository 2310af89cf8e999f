import type { CredentialReport } from '@video-proxy/contracts';
import { Badge } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { ProviderWords } from '../../parts/evidence.tsx';
import { Id } from '../../parts/id.tsx';
import { Clock } from '../../parts/time.tsx';
import { useWords } from '../../words/index.tsx';
import { credentialTone } from './tone.ts';

export function CredentialHistory({ history }: { history: CredentialReport['history'] }) {
  const { credential: words, terms, evidence } = useWords();
  return (
    <Card title={words.history} flush>
      <ol className="lines">
        {history.map((past) => (
          <li key={`${past.since} ${past.state} ${past.fingerprint}`} className="stack tight">
            <div className="row">
              <Badge tone={credentialTone(past.state)}>{terms.credential[past.state]}</Badge>
              <span className="soft">
                <Clock at={past.since} seconds />
              </span>
              {past.fingerprint !== null && <code className="soft">{past.fingerprint}</code>}
            </div>
            {past.last_provider_request_id !== null && (
              <Id id={past.last_provider_request_id} what={evidence.requestId} />
            )}
            {past.finding !== null && (
              <p className="soft">
                <ProviderWords said={past.said} message={past.finding} />
              </p>
            )}
          </li>
        ))}
      </ol>
    </Card>
  );
}

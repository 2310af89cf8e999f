import type { OperatorJobWhole } from '@video-proxy/contracts';
import { PhaseBadge } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { Id } from '../../parts/id.tsx';
import { Clock } from '../../parts/time.tsx';
import { useWords } from '../../words/index.tsx';

/** With a single attempt the rest of the page says all this. */
export function Attempts({ attempts }: { attempts: OperatorJobWhole['attempts'] }) {
  const { job, terms } = useWords();
  if (attempts.length < 2) return null;
  return (
    <Card title={job.attempts} flush>
      <ul className="lines">
        {attempts.map((attempt) => (
          <li key={attempt.number}>
            <div className="row">
              <strong>{job.attempt(attempt.number)}</strong>
              <PhaseBadge phase={attempt.phase} />
              {attempt.started_at !== null && (
                <span className="soft">
                  <Clock at={attempt.started_at} seconds />
                </span>
              )}
            </div>
            <div className="row soft">
              {attempt.code !== null && <span>{terms.codes[attempt.code]}</span>}
              {attempt.billed !== null && <span>{terms.billed[attempt.billed]}</span>}
              {attempt.generation_id !== null && <Id id={attempt.generation_id} what={terms.requestIds.generation} />}
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

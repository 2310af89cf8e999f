import type { OperatorJobWhole } from '@video-proxy/contracts';
import { Badge } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { When } from '../../parts/time.tsx';
import { useWords } from '../../words/index.tsx';

export function Steps({ steps }: { steps: OperatorJobWhole['steps'] }) {
  const { job, terms } = useWords();
  const names: Readonly<Record<string, string>> = terms.steps;
  const troubles: Readonly<Record<string, string>> = terms.troubles;
  return (
    <Card title={job.steps} flush>
      {steps.length === 0 && <p className="soft lone-line">{job.noSteps}</p>}
      <ul className="lines">
        {steps.map(({ step, state, due_at, trouble }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two deliveries have the same step.
          <li key={`${step} ${index}`} className="row">
            <strong>{names[step] ?? step}</strong>
            <Badge tone={state === 'active' ? 'live' : state === 'failed' ? 'bad' : 'none'}>
              {terms.stepStates[state]}
            </Badge>
            {due_at !== null && (
              <span className="soft">
                {job.due} <When at={due_at} />
              </span>
            )}
            {trouble !== null && (
              <span className="warn">
                {troubles[trouble.kind] ?? trouble.kind} × {trouble.count}
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

import type { OperatorQueues } from '@video-proxy/contracts';
import { Card } from '../../parts/card.tsx';
import { Table } from '../../parts/table.tsx';
import { Span, When } from '../../parts/time.tsx';
import { useSpeech } from '../../words/index.tsx';

/** Later than this, a step is not just waiting its turn. */
const lagSecondsMax = 30;

export function StepQueues({ steps, isHeld }: { steps: OperatorQueues['steps']; isHeld: boolean }) {
  const { words, locale } = useSpeech();
  const { dispatch, terms, common } = words;
  const names: Readonly<Record<string, string>> = terms.steps;
  return (
    <Card title={dispatch.steps} flush>
      <Table
        label={dispatch.steps}
        rows={steps}
        keyOf={({ step }) => step}
        columns={[
          { name: dispatch.step, cell: ({ step }) => names[step] ?? step },
          { name: dispatch.stepWaiting, cell: ({ waiting }) => waiting.toLocaleString(locale), isNumber: true },
          { name: dispatch.stepActive, cell: ({ active }) => active.toLocaleString(locale), isNumber: true },
          { name: dispatch.stepDelayed, cell: ({ delayed }) => delayed.toLocaleString(locale), isNumber: true },
          {
            name: dispatch.nextDue,
            cell: ({ oldest_due_at: at }) => (at === null ? common.none : <When at={at} />),
          },
          {
            name: dispatch.lag,
            // Submissions that are held are not late.
            cell: ({ step, lag_seconds }) => <Lag seconds={lag_seconds} isMeant={isHeld && step === 'submit'} />,
          },
        ]}
      />
    </Card>
  );
}

function Lag({ seconds, isMeant }: { seconds: number; isMeant: boolean }) {
  const { words } = useSpeech();
  return (
    <span className={seconds > lagSecondsMax && !isMeant ? 'bad' : 'soft'}>
      {seconds < 1 ? words.common.none : <Span seconds={seconds} />}
    </span>
  );
}

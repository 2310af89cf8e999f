import type { OperatorQueues } from '@video-proxy/contracts';
import { Card, TableFrame } from '../../parts/card.tsx';
import { Span, When } from '../../parts/time.tsx';
import { useSpeech } from '../../words/index.tsx';

/** Later than this, a step is not just waiting its turn. */
const lagSecondsMax = 30;

export function StepQueues({ steps }: { steps: OperatorQueues['steps'] }) {
  const { words, locale } = useSpeech();
  const { dispatch, terms, common } = words;
  return (
    <Card title={dispatch.steps} flush>
      <TableFrame label={dispatch.steps}>
        <table>
          <thead>
            <tr>
              <th scope="col">{dispatch.step}</th>
              <th scope="col" className="right">
                {dispatch.stepWaiting}
              </th>
              <th scope="col" className="right">
                {dispatch.stepActive}
              </th>
              <th scope="col" className="right">
                {dispatch.stepDelayed}
              </th>
              <th scope="col">{dispatch.nextDue}</th>
              <th scope="col">{dispatch.lag}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map(({ step, waiting, active, delayed, oldest_due_at, lag_seconds }) => (
              <tr key={step}>
                <th scope="row">{(terms.steps as Readonly<Record<string, string>>)[step] ?? step}</th>
                {[waiting, active, delayed].map((count, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: three columns.
                  <td key={index} className="right number">
                    {count.toLocaleString(locale)}
                  </td>
                ))}
                <td>{oldest_due_at === null ? common.none : <When at={oldest_due_at} />}</td>
                <td className={lag_seconds > lagSecondsMax ? 'bad' : 'soft'}>
                  {lag_seconds < 1 ? common.none : <Span seconds={lag_seconds} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </TableFrame>
    </Card>
  );
}

import type { OperatorWorker } from '@video-proxy/contracts';
import { Card, TableFrame } from '../../parts/card.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { useWords } from '../../words/index.tsx';

/** A worker of a version before does not name them all. */
const stepsInOrder = ['submit', 'poll', 'store', 'notify'] as const;

export function WorkerTable({ workers }: { workers: readonly OperatorWorker[] }) {
  const { dispatch, credential } = useWords();
  if (workers.length === 0) {
    return (
      <Card title={dispatch.workers}>
        <p className="bad">{dispatch.noWorkers}</p>
      </Card>
    );
  }
  return (
    <Card title={dispatch.workers} flush>
      <TableFrame label={dispatch.workers}>
        <table>
          <thead>
            <tr>
              <th scope="col">{credential.host}</th>
              <th scope="col">{dispatch.version}</th>
              <th scope="col">{dispatch.heartbeat}</th>
              <th scope="col">{dispatch.started}</th>
              <th scope="col">{dispatch.inHand}</th>
              <th scope="col">{dispatch.key}</th>
              <th scope="col">{credential.worker}</th>
            </tr>
          </thead>
          <tbody>
            {workers.map((worker) => (
              <WorkerRow key={worker.id} worker={worker} />
            ))}
          </tbody>
        </table>
      </TableFrame>
    </Card>
  );
}

function WorkerRow({ worker }: { worker: OperatorWorker }) {
  const { dispatch, terms, common } = useWords();
  const { steps_in_hand: inHand } = worker;
  return (
    <tr>
      <td>
        <ForeignText text={worker.host} />
        {worker.unrecorded_generations > 0 && (
          <p className="bad">{dispatch.unrecorded(worker.unrecorded_generations)}</p>
        )}
      </td>
      <td className="number">{worker.version}</td>
      <td>
        <When at={worker.last_heartbeat} />
      </td>
      <td>
        <When at={worker.started_at} />
      </td>
      <td className="number one-line">
        {inHand === null
          ? common.unknown
          : stepsInOrder
              .filter((step) => inHand[step] !== undefined)
              .map((step) => `${terms.steps[step]} ${inHand[step]}`)
              .join(' · ')}
      </td>
      <td>
        <code>{worker.key_fingerprint ?? common.none}</code>{' '}
        {worker.key_source !== null && <span className="soft">{terms.keySources[worker.key_source]}</span>}
      </td>
      <td className="soft">
        <code>{worker.id}</code>
      </td>
    </tr>
  );
}

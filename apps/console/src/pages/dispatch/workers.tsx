import type { OperatorWorker } from '@video-proxy/contracts';
import { Card } from '../../parts/card.tsx';
import { Table } from '../../parts/table.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { useWords } from '../../words/index.tsx';

/** A worker of a version before does not name them all. */
const stepsInOrder = ['submit', 'poll', 'store', 'notify'] as const;

export function WorkerTable({ workers }: { workers: readonly OperatorWorker[] }) {
  const { dispatch, credential } = useWords();
  return (
    <Card title={dispatch.workers} flush={workers.length > 0}>
      {workers.length === 0 ? (
        <p className="bad">{dispatch.noWorkers}</p>
      ) : (
        <Table
          label={dispatch.workers}
          rows={workers}
          keyOf={({ id }) => id}
          columns={[
            { name: credential.host, cell: (worker) => <Host worker={worker} /> },
            { name: dispatch.version, cell: ({ version }) => <span className="number">{version}</span> },
            { name: dispatch.heartbeat, cell: ({ last_heartbeat: at }) => <When at={at} /> },
            { name: dispatch.started, cell: ({ started_at: at }) => <When at={at} /> },
            { name: dispatch.inHand, cell: (worker) => <StepsInHand worker={worker} />, isLong: true },
            { name: dispatch.key, cell: (worker) => <Key worker={worker} />, isLong: true },
            { name: credential.worker, cell: ({ id }) => <code className="soft wrap">{id}</code>, isLong: true },
          ]}
        />
      )}
    </Card>
  );
}

interface OfWorker {
  readonly worker: OperatorWorker;
}

function Host({ worker: { host, unrecorded_generations: unrecorded } }: OfWorker) {
  const { dispatch } = useWords();
  return (
    <>
      <ForeignText text={host} />
      {unrecorded > 0 && <p className="bad">{dispatch.unrecorded(unrecorded)}</p>}
    </>
  );
}

function StepsInHand({ worker: { steps_in_hand: inHand } }: OfWorker) {
  const { terms, common } = useWords();
  if (inHand === null) return common.unknown;
  const named = stepsInOrder.filter((step) => inHand[step] !== undefined);
  return (
    <span className="number one-line">{named.map((step) => `${terms.steps[step]} ${inHand[step]}`).join(' · ')}</span>
  );
}

function Key({ worker: { key_fingerprint, key_source } }: OfWorker) {
  const { terms, common } = useWords();
  return (
    <>
      <code>{key_fingerprint ?? common.none}</code>{' '}
      {key_source !== null && <span className="soft">{terms.keySources[key_source]}</span>}
    </>
  );
}

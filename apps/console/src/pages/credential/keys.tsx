import type { CredentialReport } from '@video-proxy/contracts';
import { Card } from '../../parts/card.tsx';
import { Table } from '../../parts/table.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { useWords } from '../../words/index.tsx';

/** Which key each worker holds: after a change of the key the first thing that may be wrong. */
export function Keys({ keys }: { keys: CredentialReport['keys'] }) {
  const { credential: words, terms, common } = useWords();
  const differ = new Set(keys.map(({ fingerprint }) => fingerprint)).size > 1;
  return (
    <Card title={words.keys} flush>
      {differ && <p className="warn lone-line">{words.keysDiffer}</p>}
      {keys.length === 0 ? (
        <p className="soft lone-line">{words.noWorkers}</p>
      ) : (
        <Table
          label={words.keys}
          rows={keys}
          keyOf={({ worker }) => worker}
          columns={[
            { name: words.fingerprint, cell: ({ fingerprint }) => <code>{fingerprint ?? common.none}</code> },
            {
              name: words.source,
              cell: ({ source }) => (source === null ? common.unknown : terms.keySources[source]),
            },
            { name: words.host, cell: ({ host }) => <ForeignText text={host} /> },
            { name: words.worker, cell: ({ worker }) => <code className="soft wrap">{worker}</code>, isLong: true },
          ]}
        />
      )}
    </Card>
  );
}

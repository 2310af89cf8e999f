import type { CredentialReport } from '@video-proxy/contracts';
import { Card, TableFrame } from '../../parts/card.tsx';
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
        <TableFrame label={words.keys}>
          <table>
            <thead>
              <tr>
                <th scope="col">{words.fingerprint}</th>
                <th scope="col">{words.source}</th>
                <th scope="col">{words.host}</th>
                <th scope="col">{words.worker}</th>
              </tr>
            </thead>
            <tbody>
              {keys.map(({ worker, host, fingerprint, source }) => (
                <tr key={worker}>
                  <td>
                    <code>{fingerprint ?? common.none}</code>
                  </td>
                  <td>{source === null ? common.unknown : terms.keySources[source]}</td>
                  <td>
                    <ForeignText text={host} />
                  </td>
                  <td className="soft">
                    <code>{worker}</code>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </Card>
  );
}

import type { OperatorQueues } from '@video-proxy/contracts';
import { Card, TableFrame } from '../../parts/card.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useSpeech } from '../../words/index.tsx';

const shownMax = 10;

export function Turns({ turns }: { turns: OperatorQueues['turns'] }) {
  const { words, locale } = useSpeech();
  const { dispatch, common, overview } = words;
  return (
    <Card title={dispatch.turns} end={<span className="soft">{overview.waitingDetail(turns.owners)}</span>} flush>
      {turns.next.length === 0 ? (
        <p className="soft lone-line">{dispatch.noTurns}</p>
      ) : (
        <TableFrame label={dispatch.turns}>
          <table>
            <thead>
              <tr>
                <th scope="col">{dispatch.owner}</th>
                <th scope="col" className="right">
                  {dispatch.ownerWaiting}
                </th>
                <th scope="col" className="right">
                  {dispatch.ownerUnderway}
                </th>
                <th scope="col">{dispatch.oldest}</th>
              </tr>
            </thead>
            <tbody>
              {turns.next.slice(0, shownMax).map(({ owner, waiting, underway, oldest_since }) => (
                <tr key={owner}>
                  <td>
                    <Link href={`/ops/jobs?status=queued&owner=${encodeURIComponent(owner)}`}>
                      <ForeignText text={owner} />
                    </Link>
                  </td>
                  <td className="right number">{waiting.toLocaleString(locale)}</td>
                  <td className="right number">{underway.toLocaleString(locale)}</td>
                  <td>{oldest_since === null ? common.none : <When at={oldest_since} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      <p className="hint lone-line">{dispatch.turnsLead}</p>
    </Card>
  );
}

import type { VideoJobWire } from '@video-proxy/contracts';
import { Badge } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { Evidence } from '../../parts/evidence.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/index.tsx';

/** Why the job failed or waits, with what the provider said. */
export function Reason({ job: { error, hold }, group }: { job: VideoJobWire; group: string | null }) {
  const words = useWords();
  if (error !== null) {
    return (
      <Card
        className="reason-failed"
        title={words.job.error}
        end={group !== null && <Link href={`/ops/jobs?group=${encodeURIComponent(group)}`}>{words.job.group}</Link>}
      >
        <div className="stack tight">
          <p className="row">
            <strong>{words.terms.codes[error.code]}</strong>
            <code className="soft">{error.code}</code>
            <Badge tone={error.billed === 'no' ? 'ok' : 'warn'} plain>
              {words.terms.billed[error.billed]}
            </Badge>
          </p>
          <p>
            <ForeignText text={words.told.failure(error)} />
          </p>
          {error.provider !== null && <Evidence evidence={error.provider} />}
        </div>
      </Card>
    );
  }
  if (hold === null) return null;
  return (
    <Card className="reason-held" title={words.job.hold} end={<When at={hold.since} />}>
      <div className="stack tight">
        <p className="row">
          <strong>{words.terms.codes[hold.code]}</strong>
          {hold.until !== null && (
            <span className="soft">
              {words.job.until} <When at={hold.until} />
            </span>
          )}
        </p>
        <p>
          <ForeignText text={words.told.hold(hold)} />
        </p>
        {hold.provider !== null && <Evidence evidence={hold.provider} />}
      </div>
    </Card>
  );
}

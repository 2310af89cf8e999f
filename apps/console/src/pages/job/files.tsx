import type { OperatorJobWhole } from '@video-proxy/contracts';
import { Badge } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { Id } from '../../parts/id.tsx';
import { useSpeech } from '../../words/index.tsx';

export function Files({ files }: { files: OperatorJobWhole['files'] }) {
  const { words, locale } = useSpeech();
  const { job, terms, common } = words;
  const size = new Intl.NumberFormat(locale, { style: 'unit', unit: 'kilobyte', maximumFractionDigits: 0 });
  const presence = { true: job.present, false: job.absent, null: common.unknown } as const;
  return (
    <Card title={job.files} flush>
      {files.length === 0 && <p className="soft lone-line">{job.noFiles}</p>}
      <ul className="lines">
        {files.map(({ kind, id, storage_key, content_type, bytes, present }) => (
          <li key={`${kind} ${id ?? storage_key}`}>
            <div className="row">
              <strong>{terms.files[kind]}</strong>
              {kind === 'rejected' ? (
                <span className="soft">{job.onWorker}</span>
              ) : (
                <Badge tone={present === false ? 'bad' : present === true ? 'ok' : 'none'}>
                  {presence[`${present}`]}
                </Badge>
              )}
              <span className="soft number">
                {[content_type, bytes === null ? null : size.format(bytes / 1_000)]
                  .filter((part) => part !== null)
                  .join(' · ')}
              </span>
            </div>
            {(storage_key ?? id) !== null && <Id id={storage_key ?? id ?? ''} what={terms.files[kind]} />}
          </li>
        ))}
      </ul>
    </Card>
  );
}

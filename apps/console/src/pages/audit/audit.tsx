import { useQuery } from '@tanstack/react-query';
import type { AuditEntryWire } from '@video-proxy/contracts';
import { auditQuery } from '../../api/queries.ts';
import { Badge, type Tone } from '../../parts/badges.tsx';
import { Id } from '../../parts/id.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Empty, Loaded, SkeletonRows } from '../../parts/states.tsx';
import { ForeignText } from '../../parts/text.tsx';
import { Clock } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { usePlace } from '../../route/location.ts';
import { jobPath } from '../../route/views.ts';
import { useWords } from '../../words/index.tsx';
import { Changes } from './changes.tsx';
import './audit.css';

const addressOf = (target: string | null, after: string | null) => {
  const given = new URLSearchParams({ ...(target === null ? {} : { target }), ...(after === null ? {} : { after }) });
  return given.size === 0 ? '' : `?${given}`;
};

export function AuditPage() {
  const { pages, audit: words } = useWords();
  const given = new URLSearchParams(usePlace().search);
  const [target, after] = [given.get('target'), given.get('after')];
  const audit = useQuery(auditQuery(addressOf(target, after)));
  return (
    <>
      <PageHead title={pages.audit} />
      <p className="soft">{words.lead}</p>
      {target !== null && (
        <p className="note">
          {words.onlyAbout} <code className="wrap">{target}</code>
          <Link href="/ops/audit">{words.showAll}</Link>
        </p>
      )}
      <Loaded query={audit} loading={<SkeletonRows count={6} heightRem={3} />}>
        {({ data, has_more, last_id }) => (
          <div className="card">
            {data.length === 0 && <Empty>{words.empty}</Empty>}
            <ol className="audit">
              {data.map((entry) => (
                <Entry key={entry.id} entry={entry} />
              ))}
            </ol>
            {(has_more || after !== null) && (
              <nav className="row paging" aria-label={pages.audit}>
                {after !== null && (
                  <Link className="button small" href={`/ops/audit${addressOf(target, null)}`}>
                    {words.newest}
                  </Link>
                )}
                {has_more && (
                  <Link className="button small end" href={`/ops/audit${addressOf(target, last_id)}`}>
                    {words.older}
                  </Link>
                )}
              </nav>
            )}
          </div>
        )}
      </Loaded>
    </>
  );
}

const tones: Readonly<Record<AuditEntryWire['outcome'], Tone>> = {
  asked: 'live',
  done: 'ok',
  refused: 'warn',
  failed: 'bad',
};

function Entry({ entry }: { entry: AuditEntryWire }) {
  const { terms, audit: words, told } = useWords();
  return (
    <li>
      <span className="audit-time soft">
        <Clock at={entry.at} seconds />
      </span>
      <div className="stack tight">
        <div className="row">
          <strong>{(words.actions as Readonly<Record<string, string>>)[entry.action] ?? entry.action}</strong>
          <Target target={entry.target} />
          <Badge tone={tones[entry.outcome]}>{terms.outcomes[entry.outcome]}</Badge>
          <Operator operator={entry.operator} />
        </div>
        {entry.reason !== null && (
          <p>
            <q>
              <ForeignText text={entry.reason} />
            </q>
          </p>
        )}
        {entry.message !== null && (
          <p className="soft">
            <ForeignText text={told.finding(entry.said, entry.message)} />
          </p>
        )}
        <Changes entry={entry} />
      </div>
    </li>
  );
}

function Target({ target: { type, id } }: Pick<AuditEntryWire, 'target'>) {
  const { terms } = useWords();
  if (id === null) return null;
  if (type === 'job') {
    return (
      <Link className="mono wrap" href={jobPath(id)}>
        {id}
      </Link>
    );
  }
  return <Id id={id} what={(terms.targets as Readonly<Record<string, string>>)[type] ?? type} />;
}

/** A name is what the person says; the key is what is known. */
function Operator({ operator: { name, key } }: Pick<AuditEntryWire, 'operator'>) {
  const { audit } = useWords();
  return (
    <span className="row soft">
      {name !== null && <ForeignText text={name} />}
      {key === null ? audit.local : <code>{key}</code>}
    </span>
  );
}

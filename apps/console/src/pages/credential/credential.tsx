import { useQuery } from '@tanstack/react-query';
import type { CredentialReport } from '@video-proxy/contracts';
import { credentialQuery } from '../../api/queries.ts';
import { Badge } from '../../parts/badges.tsx';
import { Card, Fact, Facts } from '../../parts/card.tsx';
import { Evidence, ProviderWords } from '../../parts/evidence.tsx';
import { PageHead } from '../../parts/page-head.tsx';
import { Loaded, Skeleton } from '../../parts/states.tsx';
import { When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useMayChange } from '../../shell/session.tsx';
import { useWords } from '../../words/index.tsx';
import { HoldList } from '../dispatch/holds.tsx';
import { CredentialHistory } from './history.tsx';
import { Keys } from './keys.tsx';
import { Probe } from './probe.tsx';
import { Reload } from './reload.tsx';
import { credentialTone } from './tone.ts';
import { WhatToDo } from './what-to-do.tsx';
import './credential.css';

export function CredentialPage() {
  const words = useWords();
  const report = useQuery(credentialQuery);
  const state = report.data?.credential.state;
  return (
    <>
      <PageHead title={words.pages.credential}>
        {state !== undefined && (
          <span role="status">
            <Badge tone={credentialTone(state)}>{words.terms.credential[state]}</Badge>
          </span>
        )}
      </PageHead>
      <p className="soft">{words.credential.lead}</p>
      <Loaded query={report} loading={<Skeleton heightRem={24} />}>
        {(data) => <CredentialContent report={data} />}
      </Loaded>
    </>
  );
}

function CredentialContent({ report }: { report: CredentialReport }) {
  const { credential: words } = useWords();
  const mayChange = useMayChange();
  return (
    <div className="job-columns">
      <div className="stack">
        <State report={report} />
        <WhatToDo steps={report.what_to_do} state={report.credential.state} />
        {mayChange && (
          <div className="columns">
            <Probe />
            <Reload />
          </div>
        )}
        <Keys keys={report.keys} />
      </div>
      <div className="stack">
        <Card
          title={words.holds}
          end={<Link href="/ops/jobs?status=queued">{words.waiting(report.waiting_jobs)}</Link>}
          flush
        >
          <HoldList holds={report.holds} empty={words.noHolds} />
        </Card>
        <CredentialHistory history={report.history} />
      </div>
    </div>
  );
}

function State({ report: { credential } }: { report: CredentialReport }) {
  const { credential: words, terms } = useWords();
  const tone = credentialTone(credential.state);
  return (
    <Card title={terms.credential[credential.state]} className={`credential-state ${tone}`}>
      <div className="stack tight">
        {credential.finding !== null && (
          <p className="sentence">
            <ProviderWords said={credential.said} message={credential.finding} />
          </p>
        )}
        <Facts>
          <Fact name={words.fingerprint}>
            {credential.fingerprint !== null && <code>{credential.fingerprint}</code>}
          </Fact>
          <Fact name={words.since}>
            <When at={credential.since} />
          </Fact>
          <Fact name={words.checked}>{credential.checked_at !== null && <When at={credential.checked_at} />}</Fact>
        </Facts>
        {credential.provider !== null && <Evidence evidence={credential.provider} />}
      </div>
    </Card>
  );
}

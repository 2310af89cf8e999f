import { QueryClientProvider } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { newQueryClient } from './api/queries.ts';
import { AuditPage } from './pages/audit/audit.tsx';
import { CredentialPage } from './pages/credential/credential.tsx';
import { DispatchPage } from './pages/dispatch/dispatch.tsx';
import { FailuresPage } from './pages/failures/failures.tsx';
import { JobPage } from './pages/job/job.tsx';
import { JobsPage } from './pages/jobs/jobs.tsx';
import { Nowhere } from './pages/nowhere.tsx';
import { OverviewPage } from './pages/overview/overview.tsx';
import { usePlace } from './route/location.ts';
import { type View, viewOf } from './route/views.ts';
import { NoticeBoard } from './shell/notice.tsx';
import { SessionGate } from './shell/session.tsx';
import { Shell } from './shell/shell.tsx';
import { Speaking } from './words/index.tsx';

export function App() {
  const [client] = useState(newQueryClient);
  const view = viewOf(usePlace().path);
  return (
    <QueryClientProvider client={client}>
      <Speaking>
        <SessionGate>
          <NoticeBoard>
            <Shell view={view}>{pageFor(view)}</Shell>
          </NoticeBoard>
        </SessionGate>
      </Speaking>
    </QueryClientProvider>
  );
}

function pageFor(view: View): ReactNode {
  switch (view.name) {
    case 'overview':
      return <OverviewPage />;
    case 'failures':
      return <FailuresPage />;
    case 'jobs':
      return <JobsPage />;
    case 'job':
      return <JobPage key={view.id} id={view.id} />;
    case 'credential':
      return <CredentialPage />;
    case 'dispatch':
      return <DispatchPage />;
    case 'audit':
      return <AuditPage />;
    case 'nowhere':
      return <Nowhere />;
  }
}

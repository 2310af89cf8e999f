import type { OperatorJob } from '@video-proxy/contracts';
import { PhaseBadge } from '../../parts/badges.tsx';
import { TableFrame } from '../../parts/card.tsx';
import { JobLink } from '../../parts/id.tsx';
import { beginningOf, ForeignText } from '../../parts/text.tsx';
import { When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { jobPath } from '../../route/views.ts';
import { useWords } from '../../words/index.tsx';

/** Two lines of a prompt are enough to recognise a job. */
const promptShownMax = 180;

export function JobTable({ jobs }: { jobs: readonly OperatorJob[] }) {
  const { pages, jobs: words } = useWords();
  return (
    <TableFrame label={pages.jobs}>
      <table className="job-table">
        <thead>
          <tr>
            <th scope="col">{words.status}</th>
            <th scope="col">{words.job}</th>
            <th scope="col">{words.owner}</th>
            <th scope="col">{words.created}</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map((job) => (
            <JobRow key={job.id} job={job} />
          ))}
        </tbody>
      </table>
    </TableFrame>
  );
}

function JobRow({ job }: { job: OperatorJob }) {
  const { terms, jobs: words } = useWords();
  const why = job.error?.code ?? job.hold?.code ?? null;
  return (
    <tr>
      <td className="job-status">
        <PhaseBadge phase={job.phase} held={job.hold !== null} />
        {why !== null && why !== 'cancelled' && <span className="soft reason">{terms.codes[why]}</span>}
      </td>
      <td className="job-what">
        <Link href={jobPath(job.id)} className="prompt">
          {job.prompt === null || job.prompt === '' ? (
            <span className="soft">{words.noPrompt}</span>
          ) : (
            <ForeignText text={beginningOf(job.prompt, promptShownMax)} />
          )}
        </Link>
        <span className="soft row under">
          <span>{job.model}</span>
          <JobLink id={job.id} short />
          {job.late && <span>{words.late}</span>}
        </span>
      </td>
      <td className="job-owner">
        <Link href={`/ops/jobs?owner=${encodeURIComponent(job.owner)}`} className="quiet-link">
          <ForeignText text={job.owner} />
        </Link>
      </td>
      <td className="job-time soft">
        <When at={job.created_at} />
      </td>
    </tr>
  );
}

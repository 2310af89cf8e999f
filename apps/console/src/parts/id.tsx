import { Link } from '../route/link.tsx';
import { jobPath } from '../route/views.ts';
import { CopyButton } from './copy-button.tsx';

/** An id as one copies it into a search or a letter to the provider. */
export function Id({ id, what }: { id: string; what: string }) {
  return (
    <span className="id">
      <code title={id}>{id}</code>
      <CopyButton text={id} what={what} />
    </span>
  );
}

export function JobLink({ id, short = false }: { id: string; short?: boolean }) {
  return (
    <Link href={jobPath(id)} title={id} className="mono">
      {short ? `…${id.slice(-8)}` : id}
    </Link>
  );
}

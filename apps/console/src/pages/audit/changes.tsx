import type { AuditEntryWire } from '@video-proxy/contracts';
import { useWords } from '../../words/index.tsx';
import { Json } from '../job/json.tsx';

/** What was there before and what is there now; nothing where nothing was kept. */
export function Changes({ entry: { before, after } }: { entry: AuditEntryWire }) {
  const { audit, common } = useWords();
  if (before === null && after === null) return null;
  return (
    <details>
      <summary>{common.more}</summary>
      <div className="changes">
        <div>
          <h3>{audit.before}</h3>
          <Json value={before} />
        </div>
        <div>
          <h3>{audit.after}</h3>
          <Json value={after} />
        </div>
      </div>
    </details>
  );
}

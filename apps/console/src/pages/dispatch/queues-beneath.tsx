import { useMutation } from '@tanstack/react-query';
import type { OperatorSession } from '@video-proxy/contracts';
import { call } from '../../api/call.ts';
import { useSession } from '../../shell/session.tsx';
import { useWords } from '../../words/index.tsx';

/** The queues themselves are another page, which a browser opens with a cookie: it cannot send a key with a link. */
export function QueuesBeneath() {
  const { dispatch } = useWords();
  const { queues_path } = useSession();
  const open = useMutation({
    mutationFn: () => call<OperatorSession>('/session', { method: 'POST', body: {} }),
    onSuccess: () => window.location.assign(queues_path),
  });
  return (
    <button type="button" className="button small end" disabled={open.isPending} onClick={() => open.mutate()}>
      {dispatch.beneath}
    </button>
  );
}

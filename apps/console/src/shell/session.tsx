import { useQuery, useQueryClient } from '@tanstack/react-query';
import { VideoProxyError } from '@video-proxy/client';
import type { OperatorSession } from '@video-proxy/contracts';
import { createContext, type ReactNode, useContext, useEffect } from 'react';
import { sessionQuery } from '../api/queries.ts';
import { forgetOperatorKey } from '../api/session-key.ts';
import { ProblemNote } from '../parts/states.tsx';
import { SignIn } from './sign-in.tsx';

const Session = createContext<OperatorSession | null>(null);

const isRefused = (error: unknown) => error instanceof VideoProxyError && error.status === 401;

/** Lets operators through: those with a key, and without one programs on the same machine while none is configured. */
export function SessionGate({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const session = useQuery(sessionQuery);

  // A key that was taken back ends the session wherever that is noticed first.
  useEffect(
    () =>
      client.getQueryCache().subscribe(({ query }) => {
        const isSession = query.queryKey[0] === sessionQuery.queryKey[0];
        if (!isSession && query.state.status === 'error' && isRefused(query.state.error)) {
          void client.resetQueries({ queryKey: sessionQuery.queryKey });
        }
      }),
    [client],
  );

  if (session.data !== undefined) return <Session value={session.data}>{children}</Session>;
  if (isRefused(session.error)) return <SignIn />;
  if (session.isError) {
    return (
      <main className="lonely">
        <ProblemNote error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  return null;
}

export function useSession(): OperatorSession {
  const session = useContext(Session);
  if (session === null) throw new Error('There is no session outside of the SessionGate');
  return session;
}

/** Whether this operator may change anything. */
export function useMayChange(): boolean {
  return useSession().role === 'operator';
}

export function useSignOut(): () => void {
  const client = useQueryClient();
  return () => {
    forgetOperatorKey();
    client.clear();
    window.location.assign('/ops');
  };
}

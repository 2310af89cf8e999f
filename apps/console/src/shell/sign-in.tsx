import { useQueryClient } from '@tanstack/react-query';
import { VideoProxyError } from '@video-proxy/client';
import type { OperatorSession } from '@video-proxy/contracts';
import { type FormEvent, useState } from 'react';
import { call } from '../api/call.ts';
import { sessionQuery } from '../api/queries.ts';
import { forgetOperatorKey, keepOperatorKey, keepOperatorName, operatorKey, operatorName } from '../api/session-key.ts';
import { ProblemNote } from '../parts/states.tsx';
import { useWords } from '../words/index.tsx';
import { LookSwitches } from './look-switches.tsx';

type Trial = { readonly kind: 'none' | 'asking' | 'wrong' } | { readonly kind: 'trouble'; readonly error: unknown };

export function SignIn() {
  const client = useQueryClient();
  const { signIn, product } = useWords();
  const [name, setName] = useState(operatorName);
  const [key, setKey] = useState('');
  const [trial, setTrial] = useState<Trial>({ kind: operatorKey() === null ? 'none' : 'wrong' });

  const enter = async (event: FormEvent) => {
    event.preventDefault();
    keepOperatorKey(key.trim());
    keepOperatorName(name);
    setTrial({ kind: 'asking' });
    try {
      client.setQueryData(sessionQuery.queryKey, await call<OperatorSession>('/session'));
    } catch (error) {
      forgetOperatorKey();
      setTrial(
        error instanceof VideoProxyError && error.status === 401 ? { kind: 'wrong' } : { kind: 'trouble', error },
      );
    }
  };

  return (
    <main className="lonely">
      <form className="card stack" onSubmit={(event) => void enter(event)}>
        <header className="row spread">
          <span className="soft">{product}</span>
          <div className="row">
            <LookSwitches />
          </div>
        </header>
        <h1>{signIn.title}</h1>
        <p className="soft">{signIn.lead}</p>
        <label>
          {signIn.key}
          <input
            type="password"
            name="key"
            autoComplete="current-password"
            required
            value={key}
            onChange={(event) => setKey(event.target.value)}
            aria-invalid={trial.kind === 'wrong'}
          />
        </label>
        <label>
          {signIn.name}
          <input
            name="name"
            autoComplete="name"
            maxLength={60}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
          <span className="hint">{signIn.nameHint}</span>
        </label>
        {trial.kind === 'wrong' && (
          <p className="note bad" role="alert">
            {signIn.wrong}
          </p>
        )}
        {trial.kind === 'trouble' && <ProblemNote error={trial.error} />}
        <button type="submit" className="button main" disabled={trial.kind === 'asking'}>
          {signIn.submit}
        </button>
      </form>
    </main>
  );
}

import type { AuthInfo, ServerContext } from '@modelcontextprotocol/server';
import type { Asker } from '../../asker.ts';

/** Who calls, and what their HTTP request said besides. */
export interface Call {
  readonly asker: Asker;
  readonly requestId: string;
  readonly baseUrl: string;
  /** The caller's own word that two calls are one. */
  readonly idempotencyKey: string | null;
  readonly conversation: string | null;
  /** Says in the log which job the call turned out to be about. */
  readonly isAbout: (jobId: string) => void;
  /** Aborts when the caller hangs up or the process is to end. Never cancels a job: a chat that is closed still wants its video. */
  readonly gone: () => AbortSignal;
}

/** The form in which the SDK hands a call on to the tools. */
export function authInfoOf(call: Call): AuthInfo {
  return { token: '', clientId: call.asker.client, scopes: [], extra: { call } };
}

/** The call that came with `authInfoOf`. */
export function callOf({ http }: Pick<ServerContext, 'http'>): Call {
  return http?.authInfo?.extra?.['call'] as Call;
}

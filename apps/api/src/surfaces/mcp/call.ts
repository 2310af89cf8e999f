import type { AuthInfo, CallToolResult, ServerContext } from '@modelcontextprotocol/server';
import type { Asker } from '../../asker.ts';
import { type Explain, problemInWords } from '../problem-in-words.ts';

/** Who calls, and what their HTTP request said besides. */
export interface Call {
  readonly asker: Asker;
  readonly requestId: string;
  readonly baseUrl: string;
  /** The caller's own word that two calls are one. */
  readonly idempotencyKey: string | null;
  readonly conversation: string | null;
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

/**
 * Turns whatever prevents an answer into text for the language model: chat clients show HTTP and JSON-RPC errors in words of
 * their own (measured on LibreChat), and would lose ours.
 */
export async function answering(
  context: ServerContext,
  explain: Explain,
  answer: (call: Call) => Promise<CallToolResult>,
): Promise<CallToolResult> {
  const call = callOf(context);
  try {
    return await answer(call);
  } catch (error) {
    const { requestId } = call;
    const text = problemInWords(explain(error, requestId), requestId);
    return { content: [{ type: 'text', text }], isError: true };
  }
}

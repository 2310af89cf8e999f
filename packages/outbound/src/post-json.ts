import { type Agent, request } from 'undici';

export interface Post {
  readonly url: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs: number;
}

/** `finding` says in words why nothing was answered, `code` in one; neither names an address. */
export type PostAnswer =
  | { readonly kind: 'answered'; readonly statusCode: number }
  | { readonly kind: 'unreached'; readonly finding: string; readonly code: string };

/** Posts JSON to where the agent lets it. Redirects are not followed, and of the answer nothing but its status is looked at. */
export async function postJson(
  agent: Agent,
  { url, body, headers, timeoutMs }: Post,
  signal: AbortSignal,
): Promise<PostAnswer> {
  const timeUp = AbortSignal.timeout(timeoutMs);
  try {
    const answer = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
      signal: AbortSignal.any([signal, timeUp]),
    });
    answer.body.on('error', ignored).destroy();
    return { kind: 'answered', statusCode: answer.statusCode };
  } catch (error) {
    signal.throwIfAborted();
    if (timeUp.aborted) {
      return { kind: 'unreached', finding: `no answer within ${timeoutMs / 1_000} s`, code: 'timeout' };
    }
    return { kind: 'unreached', ...why(error) };
  }
}

const findings: Readonly<Record<string, string>> = {
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name could not be looked up',
  ECONNREFUSED: 'it refuses connections',
  ECONNRESET: 'it closed the connection without an answer',
  UND_ERR_SOCKET: 'it closed the connection without an answer',
  UND_ERR_CONNECT_TIMEOUT: 'it could not be connected to in time',
  EHOSTUNREACH: 'its host cannot be reached',
  ENETUNREACH: 'its network cannot be reached',
};

/** Every word that stands for a reason of its own; whatever else Node calls one is passed on as it is. */
export const unreachedCodes: readonly string[] = ['timeout', 'outbound_refused', ...Object.keys(findings), 'unreached'];

/** Nobody reads the body, so nobody minds that it is cut. */
function ignored(): void {}

function why(error: unknown): { readonly finding: string; readonly code: string } {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unreached';
  if (error instanceof Error && code === 'outbound_refused') {
    return { finding: `calls to ${error.message} are refused (see OUTBOUND_ALLOWED_HOSTS)`, code };
  }
  const unknown = `it could not be reached${code === 'unreached' ? '' : ` (${code})`}`;
  return { finding: findings[code] ?? unknown, code };
}

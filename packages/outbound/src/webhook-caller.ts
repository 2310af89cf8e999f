import { Webhook } from 'standardwebhooks';
import { type Agent, request } from 'undici';

export interface WebhookCall {
  readonly url: string;
  /** The receiver's idempotency key: the same for every try. */
  readonly id: string;
  readonly body: string;
  readonly atMs: number;
}

/** `finding` says in words for the owner of the receiver why nothing was answered; it names no address. */
export type WebhookAnswer =
  | { readonly kind: 'answered'; readonly statusCode: number }
  | { readonly kind: 'unreached'; readonly finding: string };

export interface WebhookCaller {
  call(call: WebhookCall, signal: AbortSignal): Promise<WebhookAnswer>;
}

export interface WebhookCallerOptions {
  /** Decides where calls may lead. */
  readonly agent: Agent;
  /** `whsec_…`. Each of them signs, so that receivers can change to a new one one by one. */
  readonly secrets: readonly string[];
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/**
 * Posts signed JSON to receivers that clients have named, by the rules of Standard Webhooks. Redirects are not followed, and of
 * the answer nothing but its status is looked at.
 */
export function openWebhookCaller({ agent, secrets, userAgent, timeoutMs }: WebhookCallerOptions): WebhookCaller {
  const signers = secrets.map((secret) => new Webhook(secret));

  return {
    async call({ url, id, body, atMs }, signal) {
      const at = new Date(atMs);
      const headers = {
        'content-type': 'application/json',
        'user-agent': userAgent,
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(atMs / 1_000)),
        'webhook-signature': signers.map((signer) => signer.sign(id, at, body)).join(' '),
      };
      const timeUp = AbortSignal.timeout(timeoutMs);
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: 'POST',
          headers,
          body,
          signal: AbortSignal.any([signal, timeUp]),
        });
        answer.body.on('error', ignored).destroy();
        return { kind: 'answered', statusCode: answer.statusCode };
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'unreached', finding: timeUp.aborted ? `no answer within ${timeoutMs / 1_000} s` : why(error) };
      }
    },
  };
}

/** Nobody reads the body, so nobody minds that it is cut. */
function ignored(): void {}

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

function why(error: unknown): string {
  if (!(error instanceof Error)) return 'it could not be reached';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code === 'outbound_refused') return `calls to ${error.message} are refused (see OUTBOUND_ALLOWED_HOSTS)`;
  return findings[code] ?? `it could not be reached${code === '' ? '' : ` (${code})`}`;
}

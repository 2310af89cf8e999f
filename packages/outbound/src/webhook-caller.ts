import { Webhook } from 'standardwebhooks';
import type { Agent } from 'undici';
import { type PostAnswer, postJson } from './post-json.ts';

export interface WebhookCall {
  readonly url: string;
  /** The receiver's idempotency key: the same for every try. */
  readonly id: string;
  /** What it tells of; not sent, but for whoever watches the calls. */
  readonly jobId: string;
  readonly body: string;
  readonly atMs: number;
}

export interface WebhookCaller {
  call(call: WebhookCall, signal: AbortSignal): Promise<PostAnswer>;
}

export interface WebhookCallerOptions {
  /** Decides where calls may lead. */
  readonly agent: Agent;
  /** `whsec_…`. Each of them signs, so that receivers can change to a new one one by one. */
  readonly secrets: readonly string[];
  readonly userAgent: string;
  readonly timeoutMs: number;
}

/** Posts signed JSON to receivers that clients have named, by the rules of Standard Webhooks. */
export function openWebhookCaller({ agent, secrets, userAgent, timeoutMs }: WebhookCallerOptions): WebhookCaller {
  const signers = secrets.map((secret) => new Webhook(secret));

  return {
    call({ url, id, body, atMs }, signal) {
      const at = new Date(atMs);
      const headers = {
        'user-agent': userAgent,
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(atMs / 1_000)),
        'webhook-signature': signers.map((signer) => signer.sign(id, at, body)).join(' '),
      };
      return postJson(agent, { url, body, headers, timeoutMs }, signal);
    },
  };
}

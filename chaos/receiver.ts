import { type ReceivedCall, startWebhookReceiver } from '@video-proxy/testkit';
import { Webhook } from 'standardwebhooks';
import type { Dice } from './random.ts';

/** Somebody who wants to be told of every end, and is not always there; the third try would come minutes later. */
export interface Receiver extends AsyncDisposable {
  /** The settings that make every job tell it. */
  readonly settings: Readonly<Record<string, string>>;
  /** By job, the types of the events it took. */
  told(): ReadonlyMap<string, ReadonlySet<string>>;
}

const secret = 'whsec_Y2hhb3Mtc2VjcmV0LW9mLXRoZS1yZWNlaXZlcg==';
const shareOfFailures = 0.1;

/** Not `verify`, which minds that a worker whose clock is ahead signs in the future. */
function signatureOf(headers: ReceivedCall['headers'], body: string): string {
  const at = new Date(Number(headers['webhook-timestamp']) * 1_000);
  return new Webhook(secret).sign(String(headers['webhook-id']), at, body);
}

export async function startReceiver(clients: readonly string[], dice: Dice): Promise<Receiver> {
  const server = await startWebhookReceiver();
  const told = new Map<string, Set<string>>();
  const missed = new Set<unknown>();
  server.answer((response, { body, headers }) => {
    const event = headers['webhook-id'];
    if (!missed.has(event) && dice.chance(shareOfFailures)) {
      missed.add(event);
      return response.writeHead(503).end();
    }
    if (headers['webhook-signature'] !== signatureOf(headers, body)) return response.writeHead(401).end();
    const { type, data } = JSON.parse(body) as { type: string; data: { id: string } };
    const types = told.get(data.id) ?? new Set();
    told.set(data.id, types.add(type));
    return response.writeHead(204).end();
  });
  return {
    settings: {
      WEBHOOK_SECRET: secret,
      OUTBOUND_ALLOWED_HOSTS: new URL(server.url).host,
      CLIENT_WEBHOOKS: clients.map((client) => `${client}=${server.url}`).join(','),
    },
    told: () => told,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

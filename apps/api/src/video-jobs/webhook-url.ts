import { webhookUrlLengthMax } from '@video-proxy/contracts';
import { linkFlaw } from '@video-proxy/outbound/link-flaw';
import type { Asker } from '../asker.ts';
import { type Problem, problem } from '../problem.ts';

export interface WebhookRules {
  /** Nothing is sent unsigned. */
  readonly canSign: boolean;
  /** Client name → the receiver of its jobs that name none. */
  readonly receivers: ReadonlyMap<string, string>;
  /** `host:port` of receivers that are allowed although private. */
  readonly allowedHosts: readonly string[];
}

/** Who is told of a job's end: the receiver it names, else that of its client; undefined when nobody is. */
export function webhookUrlOf(
  rules: WebhookRules,
  { client }: Asker,
  given: string | null,
): string | undefined | Problem {
  if (given === null) return rules.receivers.get(client);
  if (!rules.canSign) {
    return refused('"webhook_url" cannot be used here: this service has no WEBHOOK_SECRET to sign webhooks with.');
  }
  if (given.length > webhookUrlLengthMax)
    return refused(`"webhook_url" is longer than ${webhookUrlLengthMax} characters.`);
  const flaw = linkFlaw(given, rules.allowedHosts);
  return flaw === null ? given : refused(`"webhook_url" ${flaw}.`);
}

const refused = (text: string): Problem => problem('invalid_request', text, 'webhook_url');

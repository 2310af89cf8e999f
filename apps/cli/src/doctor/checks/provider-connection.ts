import type { DialResult } from '../dial.ts';
import { type Finding, fail } from '../finding.ts';

/** Why the provider cannot be reached, each cause with its own name; null when it can. */
export function connectionTrouble(result: DialResult, { origin, hostname }: URL): Finding | null {
  switch (result.kind) {
    case 'reached':
      return null;
    case 'dns':
      return unreachable(
        'provider_dns',
        `DNS knows no ${hostname} (${result.code})`,
        'check AIMLAPI_BASE_URL for a typing error, and the DNS of this machine',
      );
    case 'refused':
      return unreachable(
        'provider_refused',
        `connection refused by ${origin}`,
        'check host and port of AIMLAPI_BASE_URL, and whether a firewall is in the way',
      );
    case 'unreachable':
      return unreachable(
        'provider_unreachable',
        `no connection to ${origin} (${result.code})`,
        'check the network and the firewall of this machine',
      );
    case 'tls':
      return unreachable(
        'provider_tls',
        `TLS handshake with ${origin} failed (${result.code})`,
        'check https:// and the port in AIMLAPI_BASE_URL, the clock, and any proxy that replaces certificates',
      );
    case 'timeout':
      return timeoutFinding({ origin });
  }
}

export function timeoutFinding({ origin }: Pick<URL, 'origin'>): Finding {
  return unreachable(
    'provider_timeout',
    `timeout, ${origin} gives no answer`,
    'check firewall and proxy between this machine and the provider, or try again later',
  );
}

function unreachable(cause: string, finding: string, action: string): Finding {
  return fail('provider', cause, `provider unreachable: ${finding}`, action);
}

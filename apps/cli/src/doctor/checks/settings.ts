import type { SettingsResult } from '@video-proxy/contracts';
import { type Finding, fail, ok, warn } from '../finding.ts';

export interface SettingsFacts {
  readonly result: SettingsResult<{
    readonly NODE_ENV: string;
    readonly CLIENT_KEYS?: unknown;
    readonly OPS_KEY?: unknown;
  }>;
}

/** The settings as every process would read them at start. */
export function examineSettings({ result }: SettingsFacts): readonly Finding[] {
  if (result.kind === 'invalid') {
    return result.problems.map((problem) =>
      fail('settings', 'setting_invalid', `invalid setting ${problem}`, 'correct it and restart'),
    );
  }
  const { NODE_ENV, CLIENT_KEYS, OPS_KEY } = result.settings;
  if (NODE_ENV !== 'production') return [ok('settings', `all settings are valid (NODE_ENV ${NODE_ENV})`)];
  const findings: Finding[] = [];
  if (CLIENT_KEYS === undefined) {
    findings.push(
      warn(
        'settings',
        'client_keys_missing',
        'CLIENT_KEYS not set: in production every client gets 401',
        'set CLIENT_KEYS=name=key and restart',
      ),
    );
  }
  if (OPS_KEY === undefined) {
    findings.push(
      warn(
        'settings',
        'ops_key_missing',
        'OPS_KEY not set: in production nobody can use /ops',
        'set OPS_KEY and restart',
      ),
    );
  }
  return findings.length > 0 ? findings : [ok('settings', 'all settings are valid (NODE_ENV production)')];
}

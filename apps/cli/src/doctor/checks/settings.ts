import type { SettingsResult } from '@video-proxy/contracts';
import { type Finding, fail, ok, warn } from '../finding.ts';

export interface SettingsFacts {
  readonly result: SettingsResult<{
    readonly NODE_ENV: string;
    readonly CLIENT_KEYS?: unknown;
  }>;
}

/** The settings as every process would read them at start. */
export function examineSettings({ result }: SettingsFacts): readonly Finding[] {
  if (result.kind === 'invalid') {
    return result.problems.map((problem) =>
      fail('settings', 'setting_invalid', `invalid setting ${problem}`, 'correct it and restart'),
    );
  }
  const { NODE_ENV, CLIENT_KEYS } = result.settings;
  if (NODE_ENV !== 'production') return [ok('settings', `all settings are valid (NODE_ENV ${NODE_ENV})`)];
  if (CLIENT_KEYS !== undefined) return [ok('settings', 'all settings are valid (NODE_ENV production)')];
  return [
    warn(
      'settings',
      'client_keys_missing',
      'CLIENT_KEYS not set: in production every client gets 401',
      'set CLIENT_KEYS=name=key and restart',
    ),
  ];
}

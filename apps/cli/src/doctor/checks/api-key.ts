import type { CurrentApiKey } from '@video-proxy/aimlapi';
import type { Environment } from '@video-proxy/contracts';
import { accountTroubles, providerPages } from '@video-proxy/core';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** What is known about the key before it is sent anywhere. */
export interface KeyFacts {
  readonly environment: Environment;
  readonly key: CurrentApiKey;
  /** The sandbox was asked for by name, so no key is needed. */
  readonly sandboxChosen: boolean;
}

/**
 * The names under which this key circulates (AIML_API_KEY, AIMLAPI_API_KEY, AIMLAPI_KEY, AI_ML_API_TOKEN, AIML_KEY …),
 * recognised by their letters only, so that another case, a dash or a stray space in the name is found as well.
 */
const otherName = /^(VITE|NEXTPUBLIC|REACTAPP|ZEABUR)?AIML(API)*(KEY|TOKEN|SECRET)?(FILE)?$/;

export function otherKeyNames(environment: Environment): readonly string[] {
  return Object.entries(environment)
    .filter(
      ([name, value]) =>
        name !== 'AI_ML_API_KEY' && name !== 'AI_ML_API_KEY_FILE' && value !== undefined && value !== '',
    )
    .map(([name]) => name)
    .filter((name) => otherName.test(name.toUpperCase().replaceAll(/[^A-Z0-9]/g, '')))
    .toSorted();
}

export function examineApiKey(facts: KeyFacts): readonly Finding[] {
  const { inspection, fingerprint } = facts.key;
  switch (inspection.state) {
    case 'missing':
      return [missing(facts)];
    case 'malformed':
      return [
        fail(
          'api_key',
          `key_${inspection.flaw}`,
          `${accountTroubles.malformed.finding}: ${inspection.finding} (length: ${inspection.lengthCharacters})`,
          accountTroubles.malformed.action,
        ),
      ];
    case 'loaded': {
      const seen = `length: ${inspection.lengthCharacters}, prefix: ${inspection.prefix || 'none'}, fingerprint: ${fingerprint}`;
      if (inspection.unusualShape) {
        return [
          warn(
            'api_key',
            'key_unusual_shape',
            `AI_ML_API_KEY loaded, ${seen}; its shape is unusual`,
            `compare it with ${providerPages.keys} if the provider rejects it`,
          ),
        ];
      }
      return [ok('api_key', `AI_ML_API_KEY loaded, ${seen}`)];
    }
  }
}

function missing(facts: KeyFacts): Finding {
  const path = facts.environment['AI_ML_API_KEY_FILE'] ?? '';
  if (path !== '') {
    return fail(
      'api_key',
      'key_file_unusable',
      `${path}: ${facts.key.finding ?? 'AI_ML_API_KEY_FILE holds no key'}`,
      'mount the file, or correct its path and permissions',
    );
  }
  const [name] = otherKeyNames(facts.environment);
  if (name !== undefined) {
    return fail(
      'api_key',
      'key_other_name',
      `Missing AI_ML_API_KEY, but ${JSON.stringify(name)} is set: this service does not read that name`,
      `rename ${name} to AI_ML_API_KEY and restart`,
    );
  }
  if (facts.sandboxChosen) return ok('api_key', 'no key, and none is needed: PROVIDER=sandbox');
  const { finding, action } = accountTroubles.missing;
  return fail('api_key', 'key_missing', finding, action);
}

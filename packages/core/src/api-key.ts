/** What can be wrong with a key before it is ever sent. */
export type ApiKeyFlaw =
  | 'quoted'
  | 'bearer_prefix'
  | 'placeholder'
  | 'surrounding_space'
  | 'inner_space'
  | 'invisible_character';

export type ApiKeyInspection =
  | { readonly state: 'missing' }
  | {
      readonly state: 'malformed';
      readonly flaw: ApiKeyFlaw;
      readonly finding: string;
      readonly lengthCharacters: number;
    }
  | {
      readonly state: 'loaded';
      readonly lengthCharacters: number;
      /** A vendor prefix such as `sk-`, never part of the secret; empty when the key has none. */
      readonly prefix: string;
      /** Unlike the documented 32 hexadecimal characters and unlike the `sk-` keys in circulation: worth a warning, never a refusal. */
      readonly unusualShape: boolean;
    };

const findings: Record<ApiKeyFlaw, string> = {
  quoted: 'AI_ML_API_KEY is wrapped in quotes: remove them, the value is taken literally',
  bearer_prefix: 'AI_ML_API_KEY starts with "Bearer ": set only the key itself',
  placeholder: 'AI_ML_API_KEY is a placeholder, not a key: create one at https://aimlapi.com/app/keys',
  surrounding_space: 'AI_ML_API_KEY has a space or line break at its start or end: remove it',
  inner_space: 'AI_ML_API_KEY contains a space or line break: copy the key again, without it',
  invisible_character: 'AI_ML_API_KEY contains an invisible or non-ASCII character: copy the key again, as plain text',
};

const placeholder =
  /^(<.*>|\$\{.*\}|\{\{.*\}\}|\[.*\]|your[-_ ]?.*|.*your[-_ ]?(api)?[-_ ]?key.*|change[-_ ]?me|replace[-_ ]?me|placeholder|example|sk-(aimlapi-)?[x*.…]+|x{3,}|\*{3,}|\.{3}|test|none|null|undefined|todo)$/i;

/** The key as a person pasted it, looked at without sending it. The value itself never appears in the result. */
export function inspectApiKey(raw: string | undefined): ApiKeyInspection {
  if (raw === undefined || raw.trim() === '') return { state: 'missing' };
  const flaw = flawOf(raw);
  if (flaw !== null) return { state: 'malformed', flaw, finding: findings[flaw], lengthCharacters: raw.length };
  const prefix = /^(sk-aimlapi-|sk-)/.exec(raw)?.[0] ?? '';
  return {
    state: 'loaded',
    lengthCharacters: raw.length,
    prefix,
    unusualShape: prefix === '' && !/^[0-9a-f]{32}$/i.test(raw),
  };
}

/** Order matters: the flaw that explains the others comes first (a quoted placeholder is quoted). */
function flawOf(raw: string): ApiKeyFlaw | null {
  const trimmed = raw.trim();
  if (/^["'`“”‘’]|["'`“”‘’]$/.test(trimmed)) return 'quoted';
  if (/^bearer\b/i.test(trimmed)) return 'bearer_prefix';
  if (placeholder.test(trimmed)) return 'placeholder';
  if (/[^\x20-\x7e\t\r\n]/.test(raw)) return 'invisible_character';
  if (trimmed !== raw) return 'surrounding_space';
  if (/\s/.test(raw)) return 'inner_space';
  return null;
}

/**
 * The line about the key that every process prints before anything else can fail, so that a wrong key is found in the
 * first line of the log. Holds no part of the secret.
 *
 * @param fingerprint the first 8 hexadecimal digits of the key's SHA-256; null when there is no usable key
 */
export function keyAnnouncement(inspection: ApiKeyInspection, fingerprint: string | null): string {
  switch (inspection.state) {
    case 'missing':
      return 'Missing AI_ML_API_KEY';
    case 'malformed':
      return `[video-proxy] AI_ML_API_KEY malformed: ${inspection.finding}`;
    case 'loaded':
      return `[video-proxy] AI_ML_API_KEY loaded, length: ${inspection.lengthCharacters}, prefix: ${inspection.prefix || 'none'}, fingerprint: ${fingerprint ?? 'unknown'}`;
  }
}

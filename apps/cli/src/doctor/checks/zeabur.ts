import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { inspectApiKey } from '@video-proxy/core';
import { type Finding, fail, ok, warn } from '../finding.ts';

export interface DeployFile {
  readonly path: string;
  readonly text: string;
}

interface Setting {
  readonly name: string;
  readonly value: string;
}

/** zeabur.json of the project and everything for Zeabur under deploy/, one or two folders deep. */
export function readDeployFiles(folders: readonly string[]): readonly DeployFile[] {
  const paths = folders.flatMap((folder) => [
    join(folder, 'zeabur.json'),
    ...zeaburFilesOf(join(folder, 'deploy')),
    ...zeaburFilesOf(join(folder, 'deploy', 'zeabur')),
  ]);
  return [...new Set(paths)]
    .filter((path) => existsSync(path))
    .map((path) => ({ path, text: readFileSync(path, 'utf8') }));
}

function zeaburFilesOf(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const insideZeabur = basename(folder) === 'zeabur';
  return readdirSync(folder)
    .filter((name) => /\.(json|ya?ml)$/.test(name) && (insideZeabur || name.includes('zeabur')))
    .map((name) => join(folder, name));
}

export function examineDeployFiles(files: readonly DeployFile[]): readonly Finding[] {
  if (files.length === 0) return [ok('zeabur', 'no zeabur.json here')];
  const findings = files.flatMap((file) => [...flaws(file)]);
  if (findings.length > 0) return findings;
  return [ok('zeabur', `no placeholder and no key in ${files.map((file) => basename(file.path)).join(', ')}`)];
}

function* flaws(file: DeployFile): Generator<Finding> {
  const isJson = file.path.endsWith('.json');
  const settings = isJson ? settingsOfJson(file.text) : settingsOfYaml(file.text);
  if (settings === null) {
    yield warn('zeabur', 'zeabur_unreadable', `${file.path} is not valid JSON`, 'correct or remove it');
    return;
  }
  for (const { name, value } of settings) {
    const inspection = inspectApiKey(value);
    // In a Zeabur template `${PASSWORD}` is a reference that the platform fills in.
    const reference = !isJson && /^\$\{\w+\}$/.test(value.trim());
    if (inspection.state === 'malformed' && inspection.flaw === 'placeholder' && !reference) {
      yield fail(
        'zeabur',
        'zeabur_placeholder',
        `${file.path} sets ${name} to a placeholder: deployed like this, the placeholder is sent as the key`,
        `remove ${name} from the file and set it under Variables in the Zeabur dashboard, then restart`,
      );
    }
    if (isKeyName(name) && /^(sk-[\w-]{16,}|[0-9a-f]{32})$/i.test(value)) {
      yield fail(
        'zeabur',
        'zeabur_key_committed',
        `${file.path} contains what looks like a real key in ${name}`,
        'revoke it at https://aimlapi.com/app/keys, remove it from the file, set the new one in the dashboard',
      );
    }
  }
}

/** Names that hold a secret; a placeholder elsewhere (a title, a README) harms nobody. */
function isKeyName(name: string): boolean {
  return /(KEY|TOKEN|SECRET|PASSWORD)S?$/i.test(name);
}

function settingsOfJson(text: string): readonly Setting[] | null {
  try {
    const settings: Setting[] = [];
    JSON.parse(text, (name, value: unknown) => {
      if (typeof value === 'string' && isKeyName(name)) settings.push({ name, value });
      // `{ "key": "AI_ML_API_KEY", "value": "…" }` and `"AI_ML_API_KEY": { "default": "…" }`, both seen in the wild.
      if (typeof value === 'object' && value !== null) settings.push(...namedEntries(name, value));
      return value;
    });
    return settings;
  } catch {
    return null;
  }
}

function namedEntries(name: string, value: object): readonly Setting[] {
  const entry = value as Record<string, unknown>;
  const label = [entry['key'], entry['name'], name].find((word) => typeof word === 'string' && isKeyName(word));
  const content = entry['value'] ?? entry['default'];
  return typeof label === 'string' && typeof content === 'string' ? [{ name: label, value: content }] : [];
}

/** Line by line: `NAME: value` and `NAME:` followed by `default: value`. Enough for templates, and no YAML parser needed. */
function settingsOfYaml(text: string): readonly Setting[] {
  const settings: Setting[] = [];
  let lastName = '';
  for (const line of text.split('\n')) {
    const [, key = '', rest = ''] = /^\s*(?:-\s+)?["']?([A-Za-z]\w*)["']?\s*:\s*(.*?)\s*$/.exec(line) ?? [];
    const value = rest.replace(/\s+#.*$/, '').replace(/^(["'])(.*)\1$/, '$2');
    const name = key === 'default' || key === 'value' ? lastName : key;
    if (key === 'key') lastName = value;
    else if (key !== 'default' && key !== 'value' && key !== '') lastName = key;
    if (value !== '' && isKeyName(name) && name !== 'key') settings.push({ name, value });
  }
  return settings;
}

import type { Environment } from '@video-proxy/contracts';
import type { EnvFile } from '../../env-file.ts';
import { type Finding, ok, warn } from '../finding.ts';

/** Settings that decide where jobs go: a difference there between file and environment explains most surprises. */
const watchedNames = [
  'AI_ML_API_KEY',
  'AI_ML_API_KEY_FILE',
  'AIMLAPI_BASE_URL',
  'PROVIDER',
  'REDIS_URL',
  'DATA_DIR',
  'PORT',
  'CLIENT_KEYS',
  'NODE_ENV',
];

/** @param environment the real environment, without the file's values */
export function examineEnvFile(file: EnvFile | null, environment: Environment): readonly Finding[] {
  if (file === null) return [ok('env_file', 'no .env file: settings come from the environment alone')];
  const findings: Finding[] = [];
  const overruled = watchedNames.filter(
    (name) =>
      file.values[name] !== undefined && environment[name] !== undefined && file.values[name] !== environment[name],
  );
  if (overruled.length > 0) {
    findings.push(
      warn(
        'env_file',
        'env_file_differs',
        `${file.path} sets ${overruled.join(', ')} to something else than the environment, and the environment wins`,
        'remove the outdated one of the two, then restart',
      ),
    );
  }
  if (file.quotedNames.includes('AI_ML_API_KEY')) {
    findings.push(
      warn(
        'env_file',
        'env_file_quotes',
        `${file.path} has quotes around AI_ML_API_KEY: removed here and by docker compose, kept by "docker run --env-file"`,
        'write AI_ML_API_KEY=sk-… without quotes',
      ),
    );
  }
  if (findings.length > 0) return findings;
  return [
    ok('env_file', `${file.path} is loaded by npm start and this command; a container sees it only if it is passed in`),
  ];
}

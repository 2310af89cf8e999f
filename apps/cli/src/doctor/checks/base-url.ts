import { aimlapiBaseUrl } from '@video-proxy/contracts';
import { type Finding, fail, ok, warn } from '../finding.ts';

/** What an address says about itself, before anything is sent to it. */
export function examineBaseUrl(baseUrl: string | undefined): readonly Finding[] {
  if (baseUrl === undefined || baseUrl === '') return [ok('base_url', `AIMLAPI_BASE_URL not set: ${aimlapiBaseUrl}`)];
  if (!URL.canParse(baseUrl)) {
    return [
      fail(
        'base_url',
        'base_url_wrong',
        'wrong base URL: AIMLAPI_BASE_URL is not an address',
        `remove it, or set ${aimlapiBaseUrl}`,
      ),
    ];
  }
  const url = new URL(baseUrl);
  const findings = [...flaws(url)];
  return findings.length > 0 ? findings : [ok('base_url', `AIMLAPI_BASE_URL is ${url.origin}`)];
}

function* flaws(url: URL): Generator<Finding> {
  const set = `set AIMLAPI_BASE_URL=${url.origin} and restart`;
  if (url.username !== '' || url.password !== '') {
    yield fail(
      'base_url',
      'base_url_wrong',
      'wrong base URL: AIMLAPI_BASE_URL contains a user or password',
      'remove them: the key goes into AI_ML_API_KEY',
    );
  }
  if (/^\/v\d+(\/|$)/.test(url.pathname)) {
    // Tolerated by our client, because other clients of the provider want it; still not what other tools make of it.
    yield warn(
      'base_url',
      'base_url_version',
      `wrong base URL: AIMLAPI_BASE_URL ends in ${url.pathname}; the service adds the version itself and leaves yours out`,
      set,
    );
  } else if (url.pathname !== '/') {
    yield warn(
      'base_url',
      'base_url_path',
      `AIMLAPI_BASE_URL has a path (${url.pathname}): right for a gateway, wrong for AIMLAPI itself`,
      set,
    );
  }
  if (url.search !== '' || url.hash !== '') {
    yield fail('base_url', 'base_url_wrong', 'wrong base URL: AIMLAPI_BASE_URL has a query or a fragment', set);
  }
  if (url.hostname === 'api.aimlapi.com' && url.protocol === 'http:') {
    yield fail(
      'base_url',
      'base_url_wrong',
      'wrong base URL: http:// would send the key in clear text',
      `set AIMLAPI_BASE_URL=${aimlapiBaseUrl} and restart`,
    );
  }
  if (/^(www\.|docs\.|help\.)?aimlapi\.com$/.test(url.hostname)) {
    yield fail(
      'base_url',
      'base_url_wrong',
      `wrong base URL: ${url.hostname} is the provider's web site, not its API`,
      `set AIMLAPI_BASE_URL=${aimlapiBaseUrl} and restart`,
    );
  }
}

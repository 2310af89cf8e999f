import { ServiceAwayError, StrangeAnswerError, VideoProxyError } from '@video-proxy/client';
import { Problem } from '../problem.ts';

const keyAdvice =
  'Give a key with --key: a client key of CLIENT_KEYS (or VIDEO_PROXY_KEY), for ops the operator key (or VIDEO_PROXY_OPS_KEY).';
const adviceByCode: Readonly<Record<string, string>> = {
  missing_api_key: keyAdvice,
  invalid_api_key: keyAdvice,
  not_found: 'See the ids with: npx video-proxy jobs list',
  cost_confirmation_required: 'Add --confirm-cost if you accept that.',
};

/** What went wrong with a service, for a person at a shell: with what to do. Everything else stays as it is. */
export function problemInWords(error: unknown): unknown {
  return error instanceof VideoProxyError ? new Problem(error.message, adviceOn(error)) : error;
}

function adviceOn(error: VideoProxyError): readonly string[] {
  if (error instanceof ServiceAwayError && error.status === null) {
    return ['Start one with: npm start', 'Or name another with --url or VIDEO_PROXY_URL.'];
  }
  if (error instanceof StrangeAnswerError) return ['Check --url or VIDEO_PROXY_URL.'];
  const { status, code, requestId } = error;
  const advice = adviceByCode[code ?? ''];
  const facts = [
    [status, code].filter((fact) => fact !== null).join(' '),
    requestId === null ? '' : `request id ${requestId}`,
  ].filter((fact) => fact !== '');
  return [...(advice === undefined ? [] : [advice]), ...(facts.length === 0 ? [] : [facts.join(', ')])];
}

import type { CredentialReport } from '@video-proxy/contracts';
import type { Tone } from '../../parts/badges.tsx';

export function credentialTone(state: CredentialReport['credential']['state']): Tone {
  if (state === 'ok') return 'ok';
  return state === 'unchecked' ? 'none' : 'bad';
}

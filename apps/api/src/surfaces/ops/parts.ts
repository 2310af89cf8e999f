import type { Ledger } from '@video-proxy/ledger';
import type { Admission } from '../../admission.ts';
import type { Audit } from '../../audit.ts';
import type { SurfaceParts } from '../surface-parts.ts';

/** What the routes of operators work with. */
export interface OpsParts extends SurfaceParts {
  readonly audit: Audit;
  readonly ledger: Pick<Ledger, 'audit' | 'bulk' | 'failures' | 'holds' | 'jobs'>;
  readonly admission: Pick<Admission, 'refusal'>;
}

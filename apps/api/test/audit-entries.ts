import { type AuditEntryWire, auditList } from '@video-proxy/contracts';
import { opsKey, type RunningApi } from './running-api.ts';

/** What stands in the audit log, oldest first. */
export async function auditEntries(api: RunningApi): Promise<AuditEntryWire[]> {
  const response = await api.call('GET', '/ops/api/audit', { key: opsKey });
  return auditList.parse(await response.json()).data.toReversed();
}

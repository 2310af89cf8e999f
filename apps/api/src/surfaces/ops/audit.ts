import { type AuditList, auditQuery } from '@video-proxy/contracts';
import { presentAuditEntry } from '../../presentation/audit.ts';
import type { ApiServer } from '../../server.ts';
import type { OpsParts } from './parts.ts';

export function addAuditRoute(app: ApiServer, { ledger }: OpsParts): void {
  app.get(
    '/ops/api/audit',
    { config: { access: 'operator_read' }, schema: { hide: true, querystring: auditQuery } },
    async (request, reply) => {
      const { entries, next } = await ledger.audit.list(request.query);
      const data = entries.map(presentAuditEntry);
      const body: AuditList = { data, has_more: next !== null, last_id: next ?? data.at(-1)?.id ?? null };
      return reply.header('cache-control', 'no-store').send(body);
    },
  );
}

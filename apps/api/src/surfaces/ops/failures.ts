import { type FailureGroups, failuresQuery } from '@video-proxy/contracts';
import { presentFailures, trendOver } from '../../presentation/failures.ts';
import { problem, Refusal } from '../../problem.ts';
import type { ApiServer } from '../../server.ts';
import type { OpsParts } from './parts.ts';

const defaultDays = 7;

export function addFailuresRoute(app: ApiServer, { ledger, now }: OpsParts): void {
  app.get(
    '/ops/api/failures',
    { config: { access: 'operator_read' }, schema: { hide: true, querystring: failuresQuery } },
    async (request, reply) => {
      // The current second is in it.
      const nowEnds = Math.floor(now() / 1_000) + 1;
      const to = request.query.to ?? nowEnds;
      const from = request.query.from ?? Math.max(0, to - defaultDays * 86_400);
      if (from >= to) throw new Refusal(problem('invalid_request', '`from` must be earlier than `to`.', 'from'));
      const range = { fromMs: from * 1_000, toMs: to * 1_000 };
      // The newest steps are kept when there are too many, and nothing has failed in the future.
      const trend = trendOver({ ...range, toMs: Math.max(from + 1, Math.min(to, nowEnds)) * 1_000 });
      const [groups, complete] = await Promise.all([
        ledger.failures.groups({ ...range, trend }),
        ledger.failures.complete(),
      ]);
      const body: FailureGroups = presentFailures(groups, { ...range, trend, complete });
      return reply.header('cache-control', 'no-store').send(body);
    },
  );
}

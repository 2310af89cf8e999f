import { type Sandbox, sandboxApiKey } from '@video-proxy/sandbox';
import { type Answers, type Owner, promptMark, type Wish } from './customer.ts';
import type { Fleet } from './fleet.ts';
import { exchange } from './http-exchange.ts';
import type { Receiver } from './receiver.ts';
import type { Observations, Outcome } from './rules.ts';

export interface Scene {
  /** Null where nobody wants to be told. */
  readonly receiver: Pick<Receiver, 'told'> | null;
  readonly fleet: Pick<Fleet, 'url' | 'logLines'>;
  readonly sandbox: Sandbox;
  readonly owners: readonly Owner[];
  readonly wishes: readonly Wish[];
  readonly answers: Answers;
}

const filesAtOnce = 8;
const pageSize = 100;

/** Looks at everything from outside, when nothing moves any more. */
export async function observe({ receiver, fleet, sandbox, owners, wishes, answers }: Scene): Promise<Observations> {
  const outcomes: Outcome[] = [];
  for (let from = 0; from < wishes.length; from += filesAtOnce) {
    const some = wishes.slice(from, from + filesAtOnce);
    outcomes.push(...(await Promise.all(some.map((wish) => outcomeOf(wish, fleet.url)))));
  }
  const lists = await Promise.all(owners.map((owner) => listOf(owner, fleet.url)));
  const generations = sandbox.control.generations();
  return {
    outcomes,
    listedIds: lists.flat(),
    createsByRequestId: new Map(Object.entries(sandbox.control.creates().byClientRequestId)),
    chargedRequestIds: new Set(
      generations.flatMap(({ phase, clientRequestId }) => (phase === 'completed' ? [clientRequestId ?? ''] : [])),
    ),
    told: receiver?.told() ?? null,
    answersByStatus: answers.byStatus,
    logLines: fleet.logLines(),
    secrets: [sandboxApiKey, promptMark, ...owners.map(({ key }) => key)],
  };
}

async function outcomeOf({ idempotencyKey, ids, owner }: Wish, url: string): Promise<Outcome> {
  const [id] = ids;
  const headers = { authorization: `Bearer ${owner.key}` };
  const reply = id === undefined ? null : await exchange({ method: 'GET', url: `${url}/v1/jobs/${id}`, headers });
  const job = reply?.kind === 'answer' ? reply.job : null;
  const file = job?.video ? await bytesOf(job.video.url, headers) : null;
  return { idempotencyKey, ids: [...ids], job, file };
}

async function bytesOf(url: string, headers: Readonly<Record<string, string>>): Promise<Uint8Array | null> {
  const response = await fetch(url, { headers });
  return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
}

async function listOf({ key }: Owner, url: string): Promise<string[]> {
  const ids: string[] = [];
  for (let after = ''; ; ) {
    const query = `limit=${pageSize}${after === '' ? '' : `&after=${after}`}`;
    const response = await fetch(`${url}/v1/jobs?${query}`, { headers: { authorization: `Bearer ${key}` } });
    const page = (await response.json()) as { data: { id: string }[]; has_more: boolean; last_id: string | null };
    ids.push(...page.data.map(({ id }) => id));
    if (!page.has_more || page.last_id === null) return ids;
    after = page.last_id;
  }
}

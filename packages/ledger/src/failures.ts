import type { FailureGroup } from '@video-proxy/core';
import { openFailureAdoption } from './failure-adoption.ts';
import { readGroup } from './failure-place.ts';
import type { LedgerTools } from './scripts.ts';
import { jobIdOf } from './video-job-id.ts';

/** Steps of equal length into which failures are counted. */
export interface TrendSteps {
  readonly fromMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/** The failures of one group within a time. */
export interface CountedFailures {
  readonly id: string;
  readonly group: FailureGroup;
  readonly count: number;
  /** How many of them may have been billed. */
  readonly unsafe: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The newest first. */
  readonly sampleIds: readonly string[];
  /** Those with the most first. */
  readonly owners: readonly { readonly owner: string; readonly count: number }[];
  readonly ownersTotal: number;
  /** Owners are counted among the newest failures only, and these are not all. */
  readonly ownersComplete: boolean;
  readonly trend: readonly number[];
}

/** Failed jobs by what they have in common. A job is in a group for as long as it is failed. */
export interface FailureRecords {
  /** All groups with failures between two times (`toMs` exclusive), the largest first. */
  groups(range: { fromMs: number; toMs: number; trend: TrendSteps }): Promise<CountedFailures[]>;
  /** Whether every failed job stands in its group; not so after a version that had none. */
  complete(): Promise<boolean>;
  /** Puts some jobs right that an earlier version left outside of their group, or in a wrong one. @returns how many */
  adopt(): Promise<number>;
}

/** One group costs Redis well below a millisecond with these. */
const lookedAtMax = 1_000;
const samplesMax = 5;
const ownersMax = 10;

export function failureRecords(tools: LedgerTools): FailureRecords {
  const { redis, scripts, keys } = tools;

  async function count(id: string, common: string, fromMs: number, toMs: number, trend: TrendSteps) {
    const reply = await scripts.failureGroup(
      [keys.failureTimes(id), keys.failuresBilled(id)],
      [fromMs, toMs, trend.fromMs, trend.stepMs, trend.count, lookedAtMax, samplesMax, ownersMax],
    );
    return reply.length === 1 ? null : countedFailures(id, common, reply);
  }

  const isComplete = async () => {
    const [failed, inGroups] = await scripts.countFailed([keys.state('failed'), keys.failureGroups], []);
    return failed === inGroups;
  };

  return {
    async groups({ fromMs, toMs, trend }) {
      const groups = Object.entries(await redis.hgetall(keys.failureGroups));
      const counted = await Promise.all(groups.map(([id, common]) => count(id, common, fromMs, toMs, trend)));
      return counted
        .filter((one) => one !== null)
        .sort((one, other) => other.count - one.count || other.lastMs - one.lastMs);
    },
    complete: isComplete,
    adopt: openFailureAdoption(tools, isComplete),
  };
}

export type FailureGroupReply = [
  count: number,
  unsafe: number,
  firstMs: string,
  lastMs: string,
  samples: string[],
  owners: (string | number)[],
  ownersTotal: number,
  lookedAt: number,
  trend: number[],
];

function countedFailures(id: string, common: string, reply: FailureGroupReply): CountedFailures {
  const [count, unsafe, firstMs, lastMs, samples, most, ownersTotal, lookedAt, trend] = reply;
  const owners = [];
  for (let index = 0; index < most.length; index += 2) {
    owners.push({ owner: String(most[index]), count: Number(most[index + 1]) });
  }
  return {
    id,
    group: readGroup(common),
    count,
    unsafe,
    firstMs: Number(firstMs),
    lastMs: Number(lastMs),
    sampleIds: samples.map(jobIdOf),
    owners,
    ownersTotal,
    ownersComplete: lookedAt === count,
    trend,
  };
}

import { troubles } from '../findings.ts';
import type { InstallationFacts } from './facts.ts';
import { type Attention, item, sentence, sentenceOf } from './item.ts';

const memoryPercentMax = 70;

export function* storeTroubles({ refusal, storeFlaws, storeLoad }: InstallationFacts): Generator<Attention> {
  if (refusal !== null) {
    yield item('critical', `store_${refusal.reason}`, 'New jobs are refused', sentence(refusal.finding), {
      action: 'See "When new jobs are refused" in the operators\' guide.',
      facts: refusal.facts,
    });
  }
  for (const flaw of storeFlaws) {
    // In production the processes do not even start with one: then somebody has changed it since.
    const severity = flaw.code === 'unknown' ? 'info' : 'warning';
    const title =
      flaw.code === 'unknown' ? 'It is not known how Redis keeps jobs' : 'Accepted jobs are not safe in Redis';
    yield item(severity, `redis_${flaw.code}`, title, `Redis ${flaw.finding}.`, {
      action: sentence(flaw.remedy),
      facts: flaw.facts ?? {},
    });
  }
  const { usedMemoryBytes: used, memoryMaxBytes: limit } = storeLoad;
  const percent = used === null || limit === null ? 0 : Math.floor((used / limit) * 100);
  if (refusal === null && percent >= memoryPercentMax) {
    yield item('warning', 'redis_memory', 'Redis is filling up', `Redis uses ${percent} % of its maxmemory.`, {
      action: 'Raise maxmemory, or lower RETENTION_DAYS.',
      facts: { percent, used_bytes: used, limit_bytes: limit },
    });
  }
}

export function storageTrouble({ storageFinding, storageSaid }: InstallationFacts): Attention | null {
  if (storageFinding === null) return null;
  return item('critical', 'storage', 'Files cannot be kept', sentenceOf(troubles.storage, storageFinding), {
    action: sentence(troubles.storage.action),
    said: storageSaid,
  });
}

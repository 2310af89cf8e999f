import type { OperatorOverview } from '@video-proxy/contracts';
import type { ReactNode } from 'react';
import { Badge, type Tone } from '../../parts/badges.tsx';
import { Card } from '../../parts/card.tsx';
import { spanText, When } from '../../parts/time.tsx';
import { Link } from '../../route/link.tsx';
import { useSpeech, useWords } from '../../words/index.tsx';
import { credentialTone } from '../credential/tone.ts';

/** Later than this, polls are not just waiting their turn. */
const lagSecondsMax = 30;

export function Parts({ overview }: { overview: OperatorOverview }) {
  const words = useWords();
  const { credential, storage } = overview;
  const told = useTold();
  return (
    <Card title={words.overview.parts} flush>
      <ul className="parts">
        <Part
          href="/ops/credential"
          name={words.overview.provider}
          tone={credentialTone(credential.state)}
          state={words.terms.credential[credential.state]}
        >
          {credential.fingerprint !== null && <code>{credential.fingerprint}</code>}
          {credential.checked_at !== null && <When at={credential.checked_at} />}
        </Part>
        <Workers overview={overview} />
        <Redis redis={overview.redis} />
        <Part
          name={words.overview.storage}
          tone={storage.state === 'ok' ? 'ok' : 'bad'}
          state={storage.state === 'ok' ? words.overview.ok : told(storage)}
        />
      </ul>
    </Card>
  );
}

function Workers({ overview: { workers } }: { overview: OperatorOverview }) {
  const words = useWords();
  const count = workers.workers.length;
  const lag = workers.poll_lag.lag_seconds;
  const isLate = lag > lagSecondsMax;
  const tone = count === 0 ? 'bad' : isLate ? 'warn' : 'ok';
  return (
    <Part
      href="/ops/dispatch"
      name={words.overview.workers}
      tone={tone}
      state={count === 0 ? words.overview.workersNone : String(count)}
    >
      {count > 0 && <span>{isLate ? words.overview.pollLag(spanText(lag, words)) : words.overview.onTime}</span>}
    </Part>
  );
}

function Redis({ redis }: { redis: OperatorOverview['redis'] }) {
  const { words, locale } = useSpeech();
  const told = useTold();
  const isOk = redis.state === 'ok';
  const megabytes = (bytes: number) =>
    `${new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(bytes / 1_048_576)} MB`;
  const limit =
    redis.memory_max_bytes === null || redis.memory_max_bytes === 0 ? '' : ` / ${megabytes(redis.memory_max_bytes)}`;
  const isSafe = redis.append_only !== false;
  return (
    <Part
      name={words.overview.redis}
      tone={isOk ? (isSafe ? 'ok' : 'warn') : 'bad'}
      state={isOk ? (isSafe ? words.overview.ok : words.overview.notPersistent) : told(redis)}
    >
      {redis.used_memory_bytes !== null && <span className="number">{megabytes(redis.used_memory_bytes) + limit}</span>}
      {isOk && <span className="number">{words.overview.latency(redis.latency_ms.toFixed(1))}</span>}
    </Part>
  );
}

function useTold(): (part: Pick<OperatorOverview['redis'], 'finding' | 'said'>) => string {
  const words = useWords();
  return ({ finding, said }) => (finding === null ? words.common.unknown : words.told.finding(said, finding));
}

interface PartParts {
  readonly name: string;
  readonly tone: Tone;
  readonly state: string;
  readonly href?: string;
  readonly children?: ReactNode;
}

function Part({ name, tone, state, href, children }: PartParts) {
  return (
    <li>
      <span className="part-name">{href === undefined ? name : <Link href={href}>{name}</Link>}</span>
      <Badge tone={tone}>{state}</Badge>
      <span className="row soft detail">{children}</span>
    </li>
  );
}

import type { OperatorOverview } from '@video-proxy/contracts';
import { Badge, type Tone } from '../../parts/badges.tsx';
import { useWords } from '../../words/index.tsx';

const tones: Readonly<Record<OperatorOverview['health'], Tone>> = { ok: 'ok', degraded: 'warn', down: 'bad' };

export function Health({ overview: { health, version } }: { overview: OperatorOverview }) {
  const { overview } = useWords();
  const texts = { ok: overview.healthy, degraded: overview.degraded, down: overview.down };
  return (
    <>
      <span role="status">
        <Badge tone={tones[health]}>{texts[health]}</Badge>
      </span>
      <span className="end soft number wide-only">{overview.version(version)}</span>
    </>
  );
}

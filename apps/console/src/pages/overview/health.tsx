import type { OperatorOverview } from '@video-proxy/contracts';
import { Badge, type Tone } from '../../parts/badges.tsx';
import { useWords, type Words } from '../../words/index.tsx';

/** What stands under "needs attention" must not be called healthy here. */
function lookOf({ health, attention }: OperatorOverview, { overview }: Words): { tone: Tone; text: string } {
  if (health === 'down') return { tone: 'bad', text: overview.down };
  if (health === 'degraded') return { tone: 'warn', text: overview.degraded };
  const isWarned = attention.some(({ severity }) => severity === 'warning');
  return isWarned ? { tone: 'warn', text: overview.warned } : { tone: 'ok', text: overview.healthy };
}

export function Health({ overview }: { overview: OperatorOverview }) {
  const words = useWords();
  const { tone, text } = lookOf(overview, words);
  return (
    <>
      <span role="status">
        <Badge tone={tone}>{text}</Badge>
      </span>
      <span className="end soft number wide-only">{words.overview.version(overview.version)}</span>
    </>
  );
}

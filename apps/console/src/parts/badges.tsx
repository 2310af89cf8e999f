import type { VideoJobWire } from '@video-proxy/contracts';
import type { ReactNode } from 'react';
import { useWords } from '../words/index.tsx';

export type Tone = 'ok' | 'warn' | 'bad' | 'live' | 'none';

export function Badge({ tone, plain = false, children, title }: BadgeLook) {
  const classes = ['badge', tone === 'none' ? '' : tone, plain ? 'plain' : ''].filter(Boolean).join(' ');
  return (
    <span className={classes} title={title}>
      {children}
    </span>
  );
}

interface BadgeLook {
  readonly tone: Tone;
  readonly plain?: boolean;
  readonly children: ReactNode;
  readonly title?: string;
}

type Phase = VideoJobWire['phase'];

const toneOfPhase: Readonly<Record<Phase, Tone>> = {
  queued: 'none',
  submitting: 'live',
  submission_unknown: 'warn',
  generating: 'live',
  storing: 'live',
  cancelling: 'warn',
  completed: 'ok',
  failed: 'bad',
  cancelled: 'none',
};

export function PhaseBadge({ phase, held = false }: { phase: Phase; held?: boolean }) {
  const { terms, jobs } = useWords();
  const isHeld = held && phase === 'queued';
  return (
    <Badge tone={isHeld ? 'warn' : toneOfPhase[phase]}>
      {terms.phases[phase]}
      {isHeld ? ` · ${jobs.held}` : ''}
    </Badge>
  );
}

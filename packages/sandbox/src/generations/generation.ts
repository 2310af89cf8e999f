import type { Behaviour } from '../scenarios/behaviour.ts';
import type { Shape } from '../videos/shape.ts';

/** One accepted create request: what is kept in the journal. Its fate follows from this and the clock alone. */
export interface Generation {
  readonly id: string;
  /** Last part of the link to its file. */
  readonly fileName: string;
  readonly model: string;
  /** Scenario words in force, those of the model's family first. */
  readonly words: string;
  readonly requestId: string;
  readonly clientRequestId: string | null;
  readonly createdAtMs: number;
  readonly takesMs: number;
  readonly costCredits: number;
  readonly shape: Shape;
  readonly durationSeconds: number;
  readonly sound: boolean;
}

export type Phase = 'queued' | 'generating' | 'completed' | 'failed';

/** The share of its time that a generation is reported as queued. */
const queuedShare = 0.25;

/** Where a generation is at `nowMs`. */
export function phaseOf(
  generation: Pick<Generation, 'createdAtMs' | 'takesMs'>,
  behaviour: Pick<Behaviour, 'outcome'>,
  nowMs: number,
): Phase {
  const elapsedMs = nowMs - generation.createdAtMs;
  if (elapsedMs < generation.takesMs * queuedShare) return 'queued';
  if (behaviour.outcome === 'never' || elapsedMs < generation.takesMs) return 'generating';
  return behaviour.outcome === 'fails' ? 'failed' : 'completed';
}

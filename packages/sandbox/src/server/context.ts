import type { GenerationSeconds } from '../generations/request.ts';
import type { GenerationStore } from '../generations/store.ts';
import type { Recorder } from '../recorder.ts';
import type { SandboxState } from '../state.ts';

/** What the routes of one running sandbox share. */
export interface SandboxContext {
  readonly store: GenerationStore;
  readonly state: SandboxState;
  readonly recorder: Recorder;
  readonly generationSeconds: GenerationSeconds;
  /** Aborted when the sandbox closes, so that nothing waits longer than it lives. */
  readonly closing: AbortSignal;
  readonly log: (line: string) => void;
}

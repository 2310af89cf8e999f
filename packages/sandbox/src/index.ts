/**
 * The provider as an HTTP server of our own: for a first run without a key, for the demo, and for tests, which meet
 * every recorded oddity and failure of the real one by writing `[sandbox:<word>]` into a prompt.
 * Nothing here is ever billed, and every video says so in its picture.
 */
export type { Control, GenerationView, StateChange, StateView } from './control.ts';
export type { GenerationSeconds } from './generations/request.ts';
export type { CallKind, CreateCounts, RecordedRequest } from './recorder.ts';
export { type Sandbox, type SandboxOptions, sandboxApiKey, startSandbox } from './sandbox.ts';

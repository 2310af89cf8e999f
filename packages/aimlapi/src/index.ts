/**
 * The provider, AIMLAPI, behind core's `VideoProvider`: the only place that knows its addresses, envelopes and status words.
 *
 * What matters most here is to tell apart how a paid request ended. A create is sent once, on a connection of its own, and
 * never repeated inside; its outcome says `not_taken` only when no byte of it can have left or the provider turned it
 * away, `refused` only when the provider said no, and `unknown` for everything else. Reading is the opposite: every recorded
 * spelling is understood, and what is not understood is asked again.
 */
export { type ApiKeyOptions, type ApiKeySource, type CurrentApiKey, fingerprintOf, openApiKey } from './api-key.ts';
export type { ProviderCall } from './endpoints.ts';
export type { ModelsOutcome } from './list-models.ts';
export { type AimlapiOptions, type AimlapiProvider, openAimlapi, type Timeouts } from './provider.ts';

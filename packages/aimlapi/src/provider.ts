import {
  type CreateOutcome,
  type Failure,
  type FindOutcome,
  failure,
  type GenerationRequest,
  type LostRequest,
  type PollOutcome,
  type ProbeOutcome,
  type ProviderName,
  remark,
  type VideoProvider,
} from '@video-proxy/core';
import { isMissingEndpoint, probeOutcomeOf } from './account-outcomes.ts';
import { createOutcomeOf } from './create-outcome.ts';
import { type Endpoints, endpointsOf, type ProviderCall, told } from './endpoints.ts';
import { type Call, evidenceOfSilence } from './evidence.ts';
import { findInLog, rowsPerPage } from './find-generation.ts';
import { type ModelsOutcome, openModelLister } from './list-models.ts';
import { pollOutcomeOf } from './poll-outcome.ts';
import { openTransport } from './transport.ts';

/** All in milliseconds. */
export interface Timeouts {
  readonly connectMs: number;
  /** A whole create, embedded files included; the provider's own newest client waits as long. */
  readonly createMs: number;
  /** Any other whole call. */
  readonly readMs: number;
}

export interface AimlapiOptions {
  readonly name: ProviderName;
  /** An http(s) address, with or without a path prefix and a trailing slash. */
  readonly baseUrl: string;
  /** Asked on every call, so that a replaced key is used at once. Null: nothing is sent. */
  readonly apiKey: () => string | null;
  readonly timeouts?: Partial<Timeouts>;
  /** Hears of each call when it is over. Must not throw. */
  readonly onCall?: (call: ProviderCall) => void;
}

export interface AimlapiProvider extends VideoProvider, AsyncDisposable {
  /** The video models as the provider lists them now. Needs no key. */
  listModels(signal: AbortSignal): Promise<ModelsOutcome>;
  /** Breaks off reads under way; a create under way ends by itself within its timeout. */
  close(): Promise<void>;
}

interface Context {
  readonly name: ProviderName;
  readonly baseUrl: string;
  readonly apiKey: () => string | null;
  readonly endpoints: Endpoints;
}

const defaultTimeouts: Timeouts = { connectMs: 10_000, createMs: 120_000, readMs: 30_000 };

/** The provider behind core's port. Opens no connection before the first call; throws on a base URL that is none. */
export function openAimlapi({ name, baseUrl, apiKey, timeouts, onCall = () => {} }: AimlapiOptions): AimlapiProvider {
  const { connectMs, ...patience } = { ...defaultTimeouts, ...timeouts };
  const transport = openTransport({ baseUrl, connectTimeoutMs: connectMs });
  const context: Context = { name, baseUrl, apiKey, endpoints: told(endpointsOf(transport, patience), onCall) };
  const listModels = openModelLister();
  return {
    name,
    create: (request, signal) => create(context, request, signal),
    poll: (generationId, signal) => poll(context, generationId, signal),
    findGeneration: (lost, signal) => findGeneration(context, lost, signal),
    probe: (signal) => probe(context, signal),
    listModels: (signal) =>
      listModels(
        (etag) => unlessAborted(context.endpoints.models(etag, signal), signal),
        callOf(context, usableKey(context) ?? '', null),
      ),
    close: () => transport.close(),
    [Symbol.asyncDispose]: () => transport.close(),
  };
}

async function create(context: Context, request: GenerationRequest, signal: AbortSignal): Promise<CreateOutcome> {
  signal.throwIfAborted();
  const { model, prompt, parameters, clientRequestId } = request;
  if (!/^[\w.:-]{1,128}$/.test(clientRequestId)) {
    // The provider would run and bill the request all the same, and its log could not be searched for it.
    throw new RangeError('a client request id has 1 to 128 of the characters A-Z a-z 0-9 . _ : -');
  }
  const key = usableKey(context);
  if (key === null) return { kind: 'refused', failure: withoutKey(context, clientRequestId) };
  const body = JSON.stringify({ ...parameters, model, ...(prompt === null ? {} : { prompt }) });
  const reply = await context.endpoints.create(key, clientRequestId, body, signal);
  // An abort must not hide what is known: a request that did not leave is `not_taken`, one that may have left `unknown`.
  return createOutcomeOf(reply, callOf(context, key, clientRequestId));
}

async function poll(context: Context, generationId: string, signal: AbortSignal): Promise<PollOutcome> {
  const key = usableKey(context);
  if (key === null) return { kind: 'refused', failure: withoutKey(context, null) };
  const reply = await unlessAborted(context.endpoints.poll(key, generationId, signal), signal);
  return pollOutcomeOf(reply, callOf(context, key, null), context.baseUrl);
}

async function findGeneration(context: Context, lost: LostRequest, signal: AbortSignal): Promise<FindOutcome> {
  const key = usableKey(context);
  const call = callOf(context, key ?? '', lost.clientRequestId);
  if (key === null) return { kind: 'unavailable', evidence: evidenceOfSilence(noKey, call) };
  return findInLog(lost, call, Date.now(), (period, offset) =>
    unlessAborted(context.endpoints.logs(key, period, rowsPerPage, offset, signal), signal),
  );
}

async function probe(context: Context, signal: AbortSignal): Promise<ProbeOutcome> {
  const key = usableKey(context);
  const call = callOf(context, key ?? '', null);
  if (key === null) return { kind: 'refused', state: 'missing', evidence: evidenceOfSilence(noKey, call) };
  const reply = await unlessAborted(context.endpoints.billing(key, signal), signal);
  // Both balances are documented, one report says the older is gone: it is asked only where the newer does not exist.
  if (!isMissingEndpoint(reply)) return probeOutcomeOf(reply, call);
  return probeOutcomeOf(await unlessAborted(context.endpoints.legacyBalance(key, signal), signal), call);
}

const noKey = { remark: remark('no usable API key is set, nothing was sent', 'call_without_key') };

const callOf = ({ name }: Context, key: string, clientRequestId: string | null): Call => ({
  name,
  key,
  clientRequestId,
});

function withoutKey(context: Context, clientRequestId: string | null): Failure {
  return failure('provider_auth_failed', { evidence: evidenceOfSilence(noKey, callOf(context, '', clientRequestId)) });
}

/** A key that cannot stand in a header cannot be sent; the inspection of the key says what is wrong with it. */
function usableKey({ apiKey }: Context): string | null {
  const key = apiKey();
  return key !== null && /^[\x21-\x7e]+$/.test(key) ? key : null;
}

/** For calls that change nothing: the caller's abort is the outcome, whatever came back. */
async function unlessAborted<T>(reply: Promise<T>, signal: AbortSignal): Promise<T> {
  const settled = await reply;
  signal.throwIfAborted();
  return settled;
}

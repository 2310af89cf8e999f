import { AsyncLocalStorage } from 'node:async_hooks';
import type { ArtifactFetcher, FetchOutcome } from '@video-proxy/core';
import type { StepHandler, StepHandlers } from '@video-proxy/queue';
import type { JobObserver } from '../job-observer.ts';
import type { ProviderCall } from '../provider-metrics.ts';
import { type Attempt, namesOf, withinAttempt } from './job-spans.ts';
import type { TellSpan } from './span.ts';
import { newSpanId, rootIdOf, traceIdOf } from './trace-ids.ts';

/** Whatever tells receivers that a job has ended, as far as it is watched. */
export interface WebhookCalls<Call, Answer> {
  call(call: Call, signal: AbortSignal): Promise<Answer>;
}

type WatchedCall = { readonly id: string; readonly jobId: string; readonly url: string };
type WatchedAnswer = { readonly kind: 'answered'; readonly statusCode: number } | { readonly kind: 'unreached' };

/** What steps do outside of the job store: calls to the provider, downloads, webhooks. */
export interface StepTraces {
  /** Without these a call to the provider belongs to nobody: it does not say which job it is made for. */
  readonly traceSteps: (handlers: StepHandlers) => StepHandlers;
  /** @param baseUrl where the provider is */
  readonly providerCalls: (baseUrl: string) => (call: ProviderCall) => void;
  readonly traceFetches: (fetcher: ArtifactFetcher) => ArtifactFetcher;
  traceWebhooks<Call extends WatchedCall, Answer extends WatchedAnswer>(
    caller: WebhookCalls<Call, Answer>,
  ): WebhookCalls<Call, Answer>;
}

export function openStepTraces(tell: TellSpan, now: () => number): StepTraces & { readonly jobs: JobObserver } {
  const inHand = new AsyncLocalStorage<{ attempt: Attempt | null }>();
  const about =
    <Payload>(handler: StepHandler<Payload>, attemptOf: (payload: Payload) => Attempt | null): StepHandler<Payload> =>
    (payload, context) =>
      inHand.run({ attempt: attemptOf(payload) }, () => handler(payload, context));

  return {
    // Which job a submit step sends is not known before it takes one.
    traceSteps: ({ submit, poll, store, notify }) => ({
      submit: about(submit, () => null),
      poll: about(poll, (payload) => payload),
      store: about(store, (payload) => payload),
      notify,
    }),
    jobs: {
      changed({ job }) {
        const step = inHand.getStore();
        if (step !== undefined) step.attempt = { jobId: job.id, attempt: job.attempt };
      },
    },
    providerCalls: (baseUrl) => (call) => {
      const attempt = inHand.getStore()?.attempt ?? null;
      if (attempt !== null) tellProviderCall(tell, attempt, new URL(baseUrl).hostname, call);
    },
    traceFetches: (fetcher) => ({
      ...fetcher,
      async fetch(source, signal) {
        const beganAtMs = now();
        const outcome = await fetcher.fetch(source, signal);
        tellFetch(tell, source, outcome, { beganAtMs, endedAtMs: now() });
        return outcome;
      },
    }),
    traceWebhooks: (caller) => ({
      async call(call, signal) {
        const beganAtMs = now();
        const answer = await caller.call(call, signal);
        tellWebhook(tell, call, answer, { beganAtMs, endedAtMs: now() });
        return answer;
      },
    }),
  };
}

interface Time {
  readonly beganAtMs: number;
  readonly endedAtMs: number;
}

function tellProviderCall(tell: TellSpan, attempt: Attempt, host: string, call: ProviderCall): void {
  const { route, method, statusCode, beganAtMs } = call;
  const isError = statusCode === null || statusCode >= 400;
  tell({
    ...withinAttempt(attempt),
    name: `provider ${route}`,
    kind: 'client',
    beganAtMs,
    endedAtMs: beganAtMs + call.durationMs,
    attributes: {
      ...namesOf(attempt),
      'http.request.method': method,
      'server.address': host,
      'http.response.status_code': statusCode,
      'video_proxy.provider.request_id': call.requestId,
    },
    error: isError ? String(statusCode ?? 'no_answer') : null,
  });
}

function tellFetch(tell: TellSpan, source: Attempt & { url: string }, outcome: FetchOutcome, time: Time): void {
  const { kind } = outcome;
  tell({
    ...withinAttempt(source),
    ...time,
    name: 'fetch video',
    kind: 'client',
    attributes: {
      ...namesOf(source),
      'server.address': hostOf(source.url),
      'video_proxy.fetch.outcome': kind,
      'video_proxy.fetch.bytes': kind === 'stored' ? outcome.video.sizeBytes : null,
    },
    error: kind === 'stored' ? null : kind,
  });
}

/** Of the job and no attempt: a webhook tells of its end. */
function tellWebhook(tell: TellSpan, { id, jobId, url }: WatchedCall, answer: WatchedAnswer, time: Time): void {
  const statusCode = answer.kind === 'answered' ? answer.statusCode : null;
  const isTaken = statusCode !== null && statusCode >= 200 && statusCode < 300;
  tell({
    traceId: traceIdOf(jobId),
    id: newSpanId(),
    parentId: rootIdOf(jobId),
    ...time,
    name: 'webhook',
    kind: 'client',
    attributes: {
      'video_proxy.job.id': jobId,
      'video_proxy.delivery.id': id,
      'http.request.method': 'POST',
      'server.address': hostOf(url),
      'http.response.status_code': statusCode,
    },
    error: isTaken ? null : String(statusCode ?? answer.kind),
  });
}

/** Neither the path nor the query, which are where links have their secrets. */
const hostOf = (url: string): string | null => URL.parse(url)?.hostname ?? null;

import type { AddressInfo } from 'node:net';
import { type Control, createControl } from './control.ts';
import { type GenerationSeconds, usualGenerationSeconds } from './generations/request.ts';
import { createGenerationStore } from './generations/store.ts';
import { createRecorder } from './recorder.ts';
import { buildServer } from './server/app.ts';
import type { SandboxContext } from './server/context.ts';
import { createScripts, type SandboxState } from './state.ts';

/** The key the sandbox accepts unless told otherwise: no secret, shaped like a real one. */
export const sandboxApiKey = '5a4db0c5a4db0c5a4db0c5a4db0c5a4d';

export interface SandboxOptions {
  /** Default 127.0.0.1. */
  readonly host?: string | undefined;
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Default `sandboxApiKey`; any other key is answered 401. */
  readonly apiKey?: string | undefined;
  /** Seconds from create to the end. Default: a twentieth of the model's real time, 3 to 8 s. */
  readonly generationSeconds?: GenerationSeconds | undefined;
  /** A JSONL file; generations then survive a restart. One sandbox at a time. */
  readonly journalPath?: string | undefined;
  /** Play money; default 100,000 USD. */
  readonly startingBalanceUsd?: number | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

export interface Sandbox extends AsyncDisposable {
  /** Base address, for `AIMLAPI_BASE_URL`. */
  readonly url: string;
  readonly control: Control;
  /** Ends at once, hanging answers included. */
  close(): Promise<void>;
}

/** Starts the simulated provider. Rejects when the port is taken or the journal cannot be written. */
export async function startSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const state: SandboxState = {
    apiKey: options.apiKey ?? sandboxApiKey,
    keyAccepted: true,
    verified: true,
    scenario: '',
    scripts: createScripts(),
  };
  const ending = new AbortController();
  const context: SandboxContext = {
    state,
    store: createGenerationStore({
      startingBalanceUsd: options.startingBalanceUsd ?? 100_000,
      journalPath: options.journalPath,
      nowMs: Date.now(),
    }),
    recorder: createRecorder(),
    generationSeconds: options.generationSeconds ?? usualGenerationSeconds,
    closing: ending.signal,
    log: options.log ?? (() => undefined),
  };
  const control = createControl(context);
  const app = buildServer(context, control);

  let closed: Promise<void> | null = null;
  async function end(): Promise<void> {
    ending.abort();
    await app.close();
    context.store.close();
  }
  const close = (): Promise<void> => (closed ??= end());

  const host = options.host ?? '127.0.0.1';
  try {
    await app.listen({ host, port: options.port ?? 0 });
  } catch (error) {
    await close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  return { url: `http://${urlHost(host)}:${port}`, control, close, [Symbol.asyncDispose]: close };
}

/** An address that can be dialled: "all interfaces" cannot, and IPv6 needs brackets. */
function urlHost(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

import { type Catalog, expectedSecondsOf } from '@video-proxy/aimlapi/catalog';
import { type ArtifactStorage, type CredentialRecord, generationKindOf, type ProviderName } from '@video-proxy/core';
import type { Ledger } from '@video-proxy/ledger';
import type { QueueBoard, Steps } from '@video-proxy/queue';
import type { Metrics, TraceRequest } from '@video-proxy/telemetry';
import { type FastifyBaseLogger, fastify, LogController } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Admission } from './admission.ts';
import { openAudit } from './audit.ts';
import { authenticate, localClient } from './authentication.ts';
import { answerErrors, explained } from './errors.ts';
import { logRequests } from './http/access-log.ts';
import { addCommonHeaders } from './http/common-headers.ts';
import { readJsonBodies } from './http/json-body.ts';
import { answerPathError, answerProtocolError } from './http/protocol-errors.ts';
import { requestIdOf } from './http/request-id.ts';
import { traceRequests } from './http/trace-requests.ts';
import { answerUnknownPaths } from './http/unknown-path.ts';
import { validateWithZod } from './http/validation.ts';
import { describeRoutes } from './openapi.ts';
import type { Installation } from './operators/installation.ts';
import { openViewer } from './presentation/viewer.ts';
import type { ApiServer } from './server.ts';
import type { StorageState } from './storage-state.ts';
import { aimlapiSurface } from './surfaces/aimlapi/index.ts';
import { chatSurface } from './surfaces/chat/index.ts';
import { consoleSurface } from './surfaces/console/index.ts';
import { filesSurface } from './surfaces/files/index.ts';
import { jobsSurface } from './surfaces/jobs/index.ts';
import { librechatSurface } from './surfaces/librechat/index.ts';
import { mcpSurface } from './surfaces/mcp/index.ts';
import { metricsSurface } from './surfaces/metrics.ts';
import { modelsSurface } from './surfaces/models.ts';
import { openaiVideosSurface } from './surfaces/openai-videos/index.ts';
import { opsSurface } from './surfaces/ops/index.ts';
import { queueBoardSurface } from './surfaces/queue-board.ts';
import { referenceSurface } from './surfaces/reference.ts';
import { statusSurface } from './surfaces/status.ts';
import { watchSurface } from './surfaces/watch/index.ts';
import { openVideoJobs } from './video-jobs/index.ts';

export interface AppParts {
  readonly ledger: Pick<
    Ledger,
    | 'jobs'
    | 'leftFiles'
    | 'inputs'
    | 'turns'
    | 'changes'
    | 'credential'
    | 'holds'
    | 'workers'
    | 'times'
    | 'deliveries'
    | 'failures'
    | 'audit'
    | 'bulk'
    | 'ping'
    | 'rates'
    | 'questions'
    | 'incidents'
    | 'load'
    | 'persistence'
  >;
  readonly steps: Pick<Steps, 'wake' | 'hasten' | 'find' | 'counts' | 'firstDueMs'>;
  readonly queueBoard: Pick<QueueBoard, 'adapters'>;
  readonly storage: ArtifactStorage;
  readonly storageState: () => Promise<StorageState>;
  /** The installation as a whole, as it is now. */
  readonly look: () => Promise<Installation>;
  readonly posterCards: ArtifactStorage;
  readonly catalog: Catalog;
  readonly admission: Pick<Admission, 'refusal'>;
  readonly metrics: Pick<Metrics, 'expose'>;
  /** Null when nobody wants traces. */
  readonly traceRequest: TraceRequest | null;
  readonly settings: AppSettings;
  /** What this process knows about the provider key by itself. */
  readonly ownCredential: CredentialRecord;
  /** Tells "Redis is away" from a programming error. */
  readonly isUnavailable: (error: unknown) => boolean;
  readonly newVideoJobId: (nowMs: number) => string;
  readonly now: () => number;
  readonly log: FastifyBaseLogger;
}

export interface AppSettings {
  readonly version: string;
  readonly provider: ProviderName;
  readonly clientKeys: ReadonlyMap<string, string>;
  readonly opsKey: string | null;
  readonly opsReadKey: string | null;
  readonly production: boolean;
  readonly publicBaseUrl: string | null;
  /** For wires on which the model may be left out. */
  readonly defaultModel: string;
  readonly redirectsToStorage: boolean;
  /** Where uploads are while they come in. */
  readonly temporaryDirectory: string;
  readonly allowedHosts: readonly string[];
  readonly canSignWebhooks: boolean;
  /** Client name → the receiver of its webhooks. */
  readonly clientWebhooks: ReadonlyMap<string, string>;
  readonly retentionMs: number;
  readonly holdMaxMs: number;
  /** Where the built operators' page is, if it is. */
  readonly consoleDirectory: string;
}

/** Room for an image or two inside the parameters; whatever is larger has to come by URL. */
const bodyBytesMax = 8 * 1024 * 1024;
/** For the whole request to arrive; an answer may take longer. */
const requestTimeoutMs = 60_000;
/** Downloads and streams that are still going when the process ends are cut after this time. */
const closePatienceMs = 8_000;
const closeSweepMs = 50;

/** The HTTP server with all its surfaces, not yet listening. Whoever builds it closes it. */
export async function buildApp(parts: AppParts): Promise<ApiServer> {
  const { settings, now } = parts;
  const app = newServer(parts.log);
  const closing = closingSignal(app);

  addCommonHeaders(app);
  const { clientKeys, opsKey, opsReadKey, production } = settings;
  authenticate(app, { keys: clientKeys, opsKey, opsReadKey, production, now });
  logRequests(app);
  if (parts.traceRequest !== null) traceRequests(app, parts.traceRequest);
  readJsonBodies(app);
  answerErrors(app, { isUnavailable: parts.isUnavailable, now });
  answerUnknownPaths(app, now);
  await describeRoutes(app, settings.version);

  const { publicBaseUrl, redirectsToStorage, temporaryDirectory, allowedHosts } = settings;
  const { ledger, storage } = parts;
  const inputFiles = { ledger, storage, temporaryDirectory, publicBaseUrl, allowedHosts, now };
  const { retentionMs } = settings;
  const webhooks = { canSign: settings.canSignWebhooks, receivers: settings.clientWebhooks, allowedHosts };
  const jobs = openVideoJobs({
    ...parts,
    inputFiles,
    webhooks,
    retentionMs,
    provider: settings.provider,
    clients: clientNames(clientKeys),
  });
  const viewer = openViewer({
    readCredential: () => parts.ledger.credential.read(),
    readHolds: () => parts.ledger.holds.read(),
    readQueuePosition: parts.ledger.turns.positionOf,
    readLearntTimes: (job) => parts.ledger.times.learnt(generationKindOf(job), now()),
    expectedSecondsOf,
    retentionMs,
    holdMaxMs: settings.holdMaxMs,
    now,
  });
  const { catalog, posterCards } = parts;
  const files = { storage, posterCards, redirectsToStorage };
  const surface = { jobs, viewer, catalog, ...files, publicBaseUrl, closing, retentionMs, now };
  statusSurface(app, { ...parts, provider: settings.provider });
  jobsSurface(app, surface);
  await filesSurface(app, { ...surface, inputFiles });
  modelsSurface(app, surface);
  aimlapiSurface(app, surface);
  openaiVideosSurface(app, { ...surface, defaultModel: settings.defaultModel });
  watchSurface(app, surface);
  const explain = (error: unknown, requestId: string) => explained(app, error, requestId, parts.isUnavailable);
  mcpSurface(app, { ...surface, explain });
  librechatSurface(app, { ...surface, explain, defaultModel: settings.defaultModel });
  chatSurface(app, { ...surface, explain });
  opsSurface(app, { ...parts, ...settings, ...surface, audit: openAudit({ ledger, now }) });
  queueBoardSurface(app, parts);
  metricsSurface(app, parts.metrics);
  referenceSurface(app);
  consoleSurface(app, { ...files, consoleDirectory: settings.consoleDirectory });
  return app;
}

/** Without keys there is one client, the programs on this machine. */
function clientNames(keys: AppSettings['clientKeys']): string[] {
  return keys.size === 0 ? [localClient] : [...keys.keys()];
}

function newServer(log: FastifyBaseLogger): ApiServer {
  const app = fastify({
    loggerInstance: log,
    logController: new LogController({ disableRequestLogging: true }),
    // One logger for all requests: the lines that need the request's id name it themselves.
    childLoggerFactory: (logger) => logger,
    requestIdHeader: false,
    genReqId: requestIdOf,
    bodyLimit: bodyBytesMax,
    requestTimeout: requestTimeoutMs,
    // A platform's proxy or a sidecar may say who really asks and how; nobody from outside may.
    trustProxy: ['loopback', 'linklocal', 'uniquelocal'],
    routerOptions: { maxParamLength: 300 },
    clientErrorHandler: answerProtocolError,
    frameworkErrors: answerPathError,
    // Requests that come on open connections while the process ends are served like any other.
    return503OnClosing: false,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validateWithZod);
  // The shape of answers is checked by the compiler and by tests; checking each one again would cost more than making it.
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  return app;
}

/** Aborts when the server is told to close, so that who waits for a change gets an answer at once. */
function closingSignal(app: ApiServer): AbortSignal {
  const closing = new AbortController();
  app.addHook('preClose', async () => {
    closing.abort();
    // Node closes the connections that are idle now; those that become idle later would keep the process for a minute.
    const sweep = setInterval(() => app.server.closeIdleConnections(), closeSweepMs);
    const cut = setTimeout(() => app.server.closeAllConnections(), closePatienceMs);
    app.server.once('close', () => {
      clearInterval(sweep);
      clearTimeout(cut);
    });
  });
  return closing.signal;
}

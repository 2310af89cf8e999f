import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Control } from '../control.ts';
import { nanoid } from '../generations/ids.ts';
import type { CallKind } from '../recorder.ts';
import type { Refusal } from '../wire/envelopes.ts';
import { rejectedKey, troubles } from '../wire/troubles.ts';
import { addAccountRoutes } from './account-routes.ts';
import { refuse } from './answers.ts';
import { badRequest, clientRequestIdOf, credentialOf, recordCall } from './calls.ts';
import type { SandboxContext } from './context.ts';
import { addControlRoutes } from './control-routes.ts';
import { addFileRoutes } from './file-routes.ts';
import { addModelRoutes } from './model-routes.ts';
import { addVideoRoutes } from './video-routes.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    readonly sandbox?: {
      /** `control` is ours, not the provider's: neither recorded nor refused. */
      readonly kind: CallKind | 'control';
      /** Answered without a key. */
      readonly open?: boolean;
    };
  }
}

const bodyBytesMax = 50_000_000;

/** The provider's HTTP surface. */
export function buildServer(context: SandboxContext, control: Control): FastifyInstance {
  const app = Fastify({
    bodyLimit: bodyBytesMax,
    genReqId: nanoid,
    // Hanging answers are a feature here; closing must not wait for them.
    forceCloseConnections: true,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: 500 },
  });

  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    const clientRequestId = clientRequestIdOf(request);
    if (clientRequestId !== null) reply.header('x-client-request-id', clientRequestId);
  });
  app.addHook('preHandler', async (request, reply) => {
    const route = request.routeOptions.config.sandbox;
    if (route?.kind === 'control') return;
    noteCall(context, request, route?.kind);
    if (!route?.open && credentialOf(request, context.state) !== 'accepted') return refuse(request, reply, rejectedKey);
  });
  app.setNotFoundHandler((request, reply) => refuse(request, reply, notFound(request)));
  app.setErrorHandler(answerError(context));

  addVideoRoutes(app, context);
  addAccountRoutes(app, context);
  addModelRoutes(app, context);
  addFileRoutes(app, context);
  addControlRoutes(app, control);
  return app;
}

function noteCall(context: SandboxContext, request: FastifyRequest, kind: CallKind | 'other' = 'other'): void {
  recordCall(context, request, kind);
  if (kind === 'create') context.recorder.countCreate(clientRequestIdOf(request), 'received');
}

/** Unreadable bodies end here before `preHandler` ran: the key still decides first, as it does at the provider. */
function answerError(context: SandboxContext) {
  return (error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const status = error.statusCode ?? 500;
    const kind = request.routeOptions.config.sandbox?.kind;
    if (status < 500 && kind !== 'control') noteCall(context, request, kind);
    if (credentialOf(request, context.state) !== 'accepted') return refuse(request, reply, rejectedKey);
    if (status === 413) return refuse(request, reply, troubles['too-large'].refusal);
    if (status < 500) return refuse(request, reply, badRequest(error.message));
    context.log(`sandbox failed at ${request.method} ${request.url}: ${error.stack ?? error.message}`);
    return refuse(request, reply, troubles['server-error'].refusal);
  };
}

function notFound(request: FastifyRequest): Refusal {
  const message = `Cannot ${request.method} ${request.url}`;
  return { status: 404, name: 'NotFoundException', title: 'Not Found', message };
}

import type { CallToolResult } from '@modelcontextprotocol/server';
import type { VideoModel } from '@video-proxy/aimlapi/catalog';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { authInfoOf, type Call } from './call.ts';
import type { McpParts } from './parts.ts';
import { newMcpServer } from './server.ts';
import { type PlainRequest, StatelessChannel } from './stateless-channel.ts';
import type { ToolCall } from './tool.ts';

export interface McpDoor {
  answer(request: FastifyRequest, call: Call, reply: FastifyReply): Promise<FastifyReply>;
}

interface Shared {
  readonly models: readonly VideoModel[];
  readonly channel: StatelessChannel;
  readonly calls: ReadonlyMap<string, ToolCall>;
}

/**
 * Both generations of the protocol behind one address. The SDK is loaded with the first call: it would make up a third of the
 * time this process takes to start.
 */
export async function openMcpDoor(parts: McpParts): Promise<McpDoor> {
  const { createMcpHandler, ...classes } = await import('@modelcontextprotocol/server');
  const newServer = () =>
    newMcpServer(
      classes,
      parts,
      parts.catalog.list().map(({ id }) => id),
    );
  const handler = createMcpHandler(() => newServer().server);
  let shared: Shared | null = null;

  /** The names of models are part of what the tools say, so a changed list takes a new server. */
  async function current(): Promise<Shared> {
    const models = parts.catalog.list();
    if (shared?.models !== models) {
      const channel = new StatelessChannel();
      const { server, calls } = newServer();
      await server.connect(channel);
      shared = { models, channel, calls };
    }
    return shared;
  }

  return {
    async answer({ body, headers }, call, reply) {
      const authInfo = authInfoOf(call);
      if (isPlainRequest(body) && isBefore2026(headers['mcp-protocol-version'])) {
        const { channel, calls } = await current();
        const carryOut = toolCallIn(body, calls);
        if (carryOut !== null) return reply.send({ jsonrpc: '2.0', id: body.id, result: await carryOut(call) });
        return reply.send(await channel.ask(body, authInfo));
      }
      return reply.send(await handler.fetch(webRequestOf(headers), { parsedBody: body, authInfo }));
    },
  };
}

/**
 * A call of a tool that says nothing but which and with what, as chat clients send thousands of when they wait for a video. The SDK
 * would check what is ours already, at more than the cost of the answer itself (measured); anything else is left to it.
 */
function toolCallIn(
  { jsonrpc, method, params }: PlainRequest,
  calls: Shared['calls'],
): ((call: Call) => Promise<CallToolResult>) | null {
  if (jsonrpc !== '2.0' || method !== 'tools/call' || params === undefined) return null;
  const { name, arguments: args = {}, ...others } = params;
  if (typeof name !== 'string' || Object.keys(others).length > 0) return null;
  if (typeof args !== 'object' || args === null || Array.isArray(args)) return null;
  const tool = calls.get(name);
  return tool === undefined ? null : (call) => tool(args, call);
}

/** One request that says nothing about itself, as all clients before the protocol of 2026 send them. The SDK reads the others. */
function isPlainRequest(body: unknown): body is PlainRequest {
  if (typeof body !== 'object' || body === null || !('method' in body) || !('id' in body)) return false;
  const { method, id } = body;
  if (typeof method !== 'string' || (typeof id !== 'string' && typeof id !== 'number')) return false;
  const params = 'params' in body ? body.params : {};
  return typeof params === 'object' && params !== null && !Array.isArray(params) && !('_meta' in params);
}

function isBefore2026(version: string | readonly string[] | undefined): boolean {
  return version === undefined || (typeof version === 'string' && version < '2026');
}

const readHeaders = ['accept', 'content-type', 'mcp-protocol-version', 'mcp-method', 'mcp-name'];

/** What the SDK reads of a request. The body has been read already and goes along parsed. */
function webRequestOf(headers: FastifyRequest['headers']): Request {
  const read = readHeaders.map((name): [string, string] => [name, String(headers[name] ?? '')]);
  return new Request('http://video-proxy/mcp', { method: 'POST', headers: read.filter(([, value]) => value !== '') });
}

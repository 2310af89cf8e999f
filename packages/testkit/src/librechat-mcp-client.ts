import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

type ToolResult = Awaited<ReturnType<Client['callTool']>>;

export interface Connected extends AsyncDisposable {
  readonly client: Client;
  /** Calls a tool; `text` is all text of its answer. */
  call(name: string, args: Record<string, unknown>): Promise<{ text: string; result: ToolResult }>;
}

/** As LibreChat connects: the client of the generation before, without capabilities, with a user and a ping at once. */
export async function connectAsLibreChat(url: string, headers: Record<string, string>): Promise<Connected> {
  const client = new Client({ name: '@librechat/api-client', version: '1.2.3' }, { capabilities: {} });
  const transport = new StreamableHTTPClientTransport(new URL(`${url}/mcp`), {
    requestInit: { headers, redirect: 'manual' },
  });
  await client.connect(transport as Parameters<Client['connect']>[0]);
  await client.ping();
  return {
    client,
    async call(name, args) {
      const result = await client.callTool({ name, arguments: args });
      const content = result.content as readonly { type: string; text?: string }[];
      return { text: content.map((part) => (part.type === 'text' ? part.text : '')).join(''), result };
    },
    [Symbol.asyncDispose]: () => client.close(),
  };
}

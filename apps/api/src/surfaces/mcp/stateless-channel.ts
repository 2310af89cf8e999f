import type { AuthInfo, JSONRPCMessage, MessageExtraInfo, Transport } from '@modelcontextprotocol/server';

export type PlainRequest = Extract<JSONRPCMessage, { method: string; id: unknown }>;
type Answer = Extract<JSONRPCMessage, { result: unknown } | { error: unknown }>;

/**
 * Lets one server answer the requests of all callers, whichever connection they come on: each request gets an id that no other
 * caller has, and its answer the caller's own id back. A server and a stream for each request, the way of the SDK, cost five
 * times as much as the answer to a status (measured).
 *
 * Only for requests and answers: what a server says unasked would have nobody to go to, and notifications of callers concern
 * requests that ended with their connection.
 */
export class StatelessChannel implements Transport {
  onmessage?: (message: JSONRPCMessage, extra?: MessageExtraInfo) => void;
  onclose?: () => void;
  readonly #waiting = new Map<string, (answer: Answer) => void>();
  #sent = 0;

  async start(): Promise<void> {}

  async send(message: JSONRPCMessage): Promise<void> {
    if (!('id' in message) || 'method' in message) return;
    this.#waiting.get(String(message.id))?.(message);
  }

  async close(): Promise<void> {
    this.onclose?.();
  }

  /** Resolves with the answer, which every request gets: what a tool waits for has to end by itself. */
  async ask(request: PlainRequest, authInfo: AuthInfo): Promise<Answer> {
    this.#sent += 1;
    const id = `r${this.#sent}`;
    const { promise, resolve } = Promise.withResolvers<Answer>();
    this.#waiting.set(id, resolve);
    this.onmessage?.({ ...request, id }, { authInfo });
    const answer = await promise;
    this.#waiting.delete(id);
    return { ...answer, id: request.id };
  }
}

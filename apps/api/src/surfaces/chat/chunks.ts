/** The wire of a chat completion: one object, or a stream of chunks that end in `[DONE]`. */
export interface Completion {
  readonly id: string;
  readonly model: string;
  readonly createdSeconds: number;
}

const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

export function wholeCompletion({ id, model, createdSeconds }: Completion, content: string) {
  const message = { role: 'assistant', content, refusal: null };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }];
  return { id, object: 'chat.completion', created: createdSeconds, model, choices, usage };
}

interface Delta {
  readonly role?: 'assistant';
  readonly content?: string;
  /** Shown by chat apps as a block that can be folded away. */
  readonly reasoning_content?: string;
}

export function chunk({ id, model, createdSeconds }: Completion, delta: Delta, finish: 'stop' | null = null): string {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return `data: ${JSON.stringify({ id, object: 'chat.completion.chunk', created: createdSeconds, model, choices })}\n\n`;
}

/** Shown by clients as an error of this message, without a repeat (measured on LibreChat). */
export function errorChunk(message: string, code: string): string {
  return `data: ${JSON.stringify({ error: { message, type: 'server_error', code, param: null } })}\n\n`;
}

export const doneChunk = 'data: [DONE]\n\n';

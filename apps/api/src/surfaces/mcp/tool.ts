import type { CallToolResult, McpServer, StandardSchemaWithJSON, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import { readAs } from '../../http/validation.ts';
import { problemInWords } from '../problem-in-words.ts';
import { type Call, callOf } from './call.ts';
import type { McpParts } from './parts.ts';

interface Tool<Input extends z.ZodType> {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly input: Input;
  /** What models are shown in the place of `input`. */
  readonly shown?: z.ZodType;
  readonly annotations: ToolAnnotations;
}

/** Answers one call of a tool: always with a result, whatever the arguments are. */
export type ToolCall = (args: unknown, call: Call) => Promise<CallToolResult>;

/** A server, and its tools as plain functions. */
export interface Toolbox {
  readonly server: McpServer;
  readonly calls: Map<string, ToolCall>;
}

/**
 * Adds a tool whose every answer is text for a language model, also when there is no answer or the arguments are wrong: chat
 * clients show HTTP and JSON-RPC errors in words of their own (measured on LibreChat), and would lose ours.
 */
export function addTool<Input extends z.ZodType>(
  { server, calls }: Toolbox,
  { explain }: Pick<McpParts, 'explain'>,
  { name, title, description, input, shown = input, annotations }: Tool<Input>,
  answer: (args: z.output<Input>, call: Call) => Promise<CallToolResult>,
): void {
  const config = { title, description, inputSchema: onlyShown(shown), annotations };
  const carryOut: ToolCall = async (args, call) => {
    try {
      return await answer(readAs(input, args), call);
    } catch (error) {
      const { requestId } = call;
      const text = problemInWords(explain(error, requestId), requestId);
      return { content: [{ type: 'text', text }], isError: true };
    }
  };
  calls.set(name, carryOut);
  server.registerTool(name, config, (args, context) => carryOut(args, callOf(context)));
}

/** The schema for the list of tools, that lets all arguments through: the SDK refuses without naming the request. */
function onlyShown(schema: z.ZodType): StandardSchemaWithJSON {
  const validate = (value: unknown) => ({ value });
  return { '~standard': { ...schema['~standard'], validate } } as StandardSchemaWithJSON;
}

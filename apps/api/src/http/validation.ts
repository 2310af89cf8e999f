import type { FastifySchemaCompiler } from 'fastify';
import { type $ZodIssue, $ZodObject, type $ZodRawIssue, type $ZodType, type output, safeParse } from 'zod/v4/core';
import { problem, Refusal } from '../problem.ts';

/** Request parts through their zod schema; what does not fit names the field and, where there is a list, what is allowed. */
export const validateWithZod: FastifySchemaCompiler<$ZodType> =
  ({ schema }) =>
  (data: unknown) => {
    // Fastify says null for a body that is not there.
    const result = safeParse(schema, data ?? undefined, { error: wordsFor });
    if (result.success) return { value: result.data };
    return { error: invalidRequest(result.error.issues, schema) };
  };

/** The same for what is not a part of an HTTP request: throws the refusal. */
export function readAs<Schema extends $ZodType>(schema: Schema, data: unknown): output<Schema> {
  const result = safeParse(schema, data, { error: wordsFor });
  if (result.success) return result.data;
  throw invalidRequest(result.error.issues, schema);
}

const required = 'is required';

/** Zod says "received undefined" for a field that is not there. */
function wordsFor(issue: $ZodRawIssue): string | undefined {
  return issue.code === 'invalid_type' && issue.input === undefined ? required : undefined;
}

/** The issues named in one message: a caller who corrects several fields should not need several tries. */
const issuesMax = 5;

function invalidRequest(issues: readonly $ZodIssue[], schema: $ZodType): Refusal {
  const ofModel = schema instanceof $ZodObject && 'parameters' in schema._zod.def.shape;
  const named = issues.slice(0, issuesMax).map((issue) => describe(issue, ofModel));
  const param = named[0]?.param ?? null;
  return new Refusal(problem('invalid_request', named.map(({ text }) => text).join(' '), param));
}

function describe(issue: $ZodIssue, ofModel: boolean): { readonly param: string | null; readonly text: string } {
  const field = fieldOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const keys = issue.keys.map((key) => fieldOf([...issue.path, key]));
    const hint = ofModel && issue.path.length === 0 ? ' A model\'s own parameters go into "parameters".' : '';
    return { param: keys[0] ?? null, text: `Unknown field ${keys.map((key) => `"${key}"`).join(', ')}.${hint}` };
  }
  if (field === null) return { param: null, text: 'A JSON object is required as the body.' };
  if (issue.message === required) return { param: field, text: `"${field}" ${required}.` };
  return { param: field, text: `"${field}": ${issue.message}.` };
}

function fieldOf(path: readonly PropertyKey[]): string | null {
  if (path.length === 0) return null;
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

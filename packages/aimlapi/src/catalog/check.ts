import { isInputId, type JsonObject, type JsonValue } from '@video-proxy/core';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { issueOf } from './issues.ts';
import { respellProperties, withoutUnset } from './respell.ts';
import { brokenRules } from './rules.ts';
import type { ParameterCheck, ParameterIssue, ParameterSchema, VideoModel } from './video-model.ts';

/** Far above the largest documented request (6 masks of 77 points), far below what would cost noticeable time. */
const valuesMax = 5_000;
const issuesShownMax = 10;

/** Embedded files are megabytes long, so only the start of a URI is looked at. The id of a file given to us stands for one. */
const isUri = (text: string): boolean =>
  isInputId(text) || /^(https?:\/\/[^\s/]|data:[\w.+-]+\/[\w.+-]+[;,])/i.test(text.slice(0, 200));
const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);

export type Checker = (model: VideoModel, request: { prompt: string | null; parameters: JsonObject }) => ParameterCheck;

/** A check of requests against the models' schemas; each schema is compiled when its model is first asked for. */
export function openChecker(): Checker {
  const ajv = new Ajv2020({
    allErrors: true,
    verbose: true,
    allowUnionTypes: true,
    validateSchema: false,
    formats: { uri: isUri, uuid: isUuid },
  });
  const compiled = new WeakMap<ParameterSchema, ValidateFunction>();
  const validatorOf = (schema: ParameterSchema): ValidateFunction => {
    const known = compiled.get(schema);
    if (known !== undefined) return known;
    const validate = ajv.compile(schema);
    compiled.set(schema, validate);
    return validate;
  };
  return (model, request) => {
    if (!hasFewValues(request.parameters)) {
      return {
        kind: 'invalid',
        issues: [{ param: 'parameters', message: `parameters hold more than ${valuesMax} values` }],
      };
    }
    const prompt = request.prompt?.trim() ? request.prompt : null;
    const promptIssue = promptIssueOf(model, prompt);
    if (model.parameters === null) {
      return promptIssue === null ? { kind: 'valid', prompt, parameters: request.parameters } : invalid([promptIssue]);
    }
    const { properties } = model.parameters;
    const parameters = respellProperties(properties, withoutUnset(properties, request.parameters));
    const issues = [promptIssue, ...schemaIssues(validatorOf(model.parameters), parameters, model.id)].filter(
      (issue) => issue !== null,
    );
    if (issues.length === 0) issues.push(...brokenRules(model.id, { prompt, parameters }));
    if (issues.length > 0) return invalid(issues);
    return { kind: 'valid', prompt: model.prompt === null ? null : prompt, parameters };
  };
}

const invalid = (issues: readonly ParameterIssue[]): ParameterCheck => ({
  kind: 'invalid',
  issues: issues.slice(0, issuesShownMax),
});

function schemaIssues(validate: ValidateFunction, parameters: JsonObject, modelId: string): ParameterIssue[] {
  if (validate(parameters)) return [];
  const errors = validate.errors ?? [];
  const branched = errors
    .filter(({ keyword }) => keyword === 'anyOf' || keyword === 'oneOf')
    .map(({ schemaPath }) => schemaPath);
  return errors
    .filter(({ schemaPath }) => !branched.some((path) => schemaPath.startsWith(`${path}/`)))
    .map((error) => issueOf(error, modelId))
    .filter((issue) => issue !== null);
}

/** A prompt for a model that takes none is not refused: some clients cannot leave it out. It is not sent either. */
function promptIssueOf(model: VideoModel, prompt: string | null): ParameterIssue | null {
  if (model.prompt === null) return null;
  if (prompt === null) {
    return model.prompt.required ? { param: 'prompt', message: `prompt is required for ${model.id}` } : null;
  }
  const { maxLength } = model.prompt;
  if (maxLength === undefined || prompt.length <= maxLength) return null;
  const length = [...prompt].length;
  if (length <= maxLength) return null;
  return { param: 'prompt', message: `prompt takes at most ${maxLength} characters for ${model.id} (got ${length})` };
}

/** Counts without recursion, and stops at the limit: the input may be deep or huge on purpose. */
function hasFewValues(parameters: JsonObject): boolean {
  const waiting: JsonValue[] = [parameters];
  let count = 0;
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value !== 'object' || value === null) continue;
    count += Array.isArray(value) ? value.length : Object.keys(value).length;
    if (count > valuesMax) return false;
    waiting.push(...(Array.isArray(value) ? value : Object.values(value)));
  }
  return true;
}

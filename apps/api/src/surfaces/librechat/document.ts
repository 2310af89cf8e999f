import { waitSecondsMax } from '@video-proxy/contracts';
import { publicStatuses } from '@video-proxy/core';
import { z } from 'zod';
import { modelQuery } from '../models-in-words.ts';
import { shownVideoWish } from '../video-wish.ts';
import { actionAnswer } from './answers.ts';

const jobId = {
  name: 'id',
  in: 'path',
  required: true,
  schema: { type: 'string' },
  description: 'The id of a video job.',
};

/**
 * The document that LibreChat's Actions import. Their importer follows no reference inside a property, takes only the first server,
 * reads constraints from the schema, and gives the model a summary in place of a description (all measured): so everything stands
 * where it is used, and there are no summaries.
 */
export function actionsDocument(baseUrl: string, models: readonly string[], version: string) {
  return {
    openapi: '3.1.0',
    info: { title: 'video-proxy', version, description: 'Makes videos from words and pictures.' },
    servers: [{ url: baseUrl }],
    paths: {
      '/librechat/actions/videos': {
        post: operation('generate_video', {
          description:
            'Starts one video and answers at once with its id. It takes minutes and usually costs money: afterwards call get_video_job with wait_seconds 50 until it has ended, and never start the same video twice.',
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(shownVideoWish(models)) } },
          },
        }),
        get: operation('list_video_jobs', {
          description: "Lists the user's earlier videos, newest first.",
          parameters: [
            query('status', { type: 'string', enum: publicStatuses }, 'Only those in this state.'),
            query('limit', { type: 'integer', minimum: 1, maximum: 50 }, 'How many at most.'),
          ],
        }),
      },
      '/librechat/actions/videos/{id}': {
        get: operation('get_video_job', {
          description: 'Tells how a video is coming along and, once it has ended, its link or why there is none.',
          parameters: [
            jobId,
            query(
              'wait_seconds',
              { type: 'integer', minimum: 0, maximum: waitSecondsMax },
              'Waits up to so many seconds for the end of the video before it answers.',
            ),
          ],
        }),
      },
      '/librechat/actions/videos/{id}/cancel': {
        post: operation('cancel_video_job', {
          description: 'Stops a video on the wish of the user; one that was already sent may still be billed.',
          parameters: [jobId],
        }),
      },
      '/librechat/actions/models': {
        get: operation('list_video_models', {
          description: 'Lists video models with what they are made for, their parameters and how long they take.',
          parameters: Object.entries(schemaOf(modelQuery)['properties'] ?? {}).map(([name, schema]) =>
            query(name, schema, String(schema['description'] ?? '')),
          ),
        }),
      },
    },
  };
}

type Schema = Readonly<Record<string, unknown>> & { readonly properties?: Readonly<Record<string, Schema>> };

function schemaOf(schema: z.ZodType): Schema {
  const { $schema: _dialect, ...inline } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return inline as Schema;
}

function query(name: string, schema: object, description: string) {
  return { name, in: 'query', required: false, description, schema };
}

function operation(operationId: string, rest: object) {
  const content = { 'application/json': { schema: schemaOf(actionAnswer) } };
  return { operationId, ...rest, responses: { '200': { description: 'What became of it', content } } };
}

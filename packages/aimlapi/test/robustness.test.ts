import fc from 'fast-check';
import { expect, test } from 'vitest';
import { key, patient, providerAt, type Reaction, request, startScriptedProvider } from './scripted-provider.ts';

/** Values of the provider's own vocabulary in places where they do not belong. */
const leaf = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(null, key, 'completed', 'error', 'unknown', 'https://x.test/v.mp4', 'err_insufficent_credits', ''),
);
const field = fc.constantFrom(
  ...['id', 'generation_id', 'status', 'video', 'url', 'error', 'detail', 'message', 'name', 'data', 'kind', 'meta'],
  ...[
    'usage',
    'usd_spent',
    'pagination',
    'has_more',
    'client_request_id',
    'inference_id',
    'current_balance',
    '__proto__',
  ],
);
const body = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, tie('list'), tie('object')),
  list: fc.array(tie('value'), { maxLength: 4 }),
  object: fc.dictionary(field, tie('value'), { maxKeys: 8 }),
})).value;
const text = fc.oneof(
  body.map((value) => JSON.stringify(value) ?? ''),
  fc.string({ unit: 'binary' }),
);
const status = fc.constantFrom(
  200,
  201,
  204,
  301,
  302,
  400,
  401,
  402,
  403,
  404,
  405,
  408,
  413,
  422,
  429,
  500,
  503,
  524,
);

test('no answer makes a call throw, or leaks the key', async () => {
  let reaction: Reaction = { body: '' };
  await using server = await startScriptedProvider((response, received) => {
    if (typeof reaction === 'function') reaction(response, received);
  });
  await using provider = providerAt(server.url);
  await fc.assert(
    fc.asyncProperty(status, text, async (code, answer) => {
      reaction = (response) => {
        response.writeHead(code, { 'content-type': 'application/json' });
        response.end(answer);
      };
      const outcomes = [
        await provider.create(request, patient),
        await provider.poll('abc', patient),
        await provider.findGeneration({ clientRequestId: 'job.1', sentAtMs: 0 }, patient),
        await provider.probe(patient),
        await provider.listModels(patient),
      ];
      // An id is opaque and cannot be told from a key; everything that a person reads can.
      const readable = JSON.stringify(outcomes, (name, value) => (name === 'generationId' ? 'id' : value));
      expect(readable).not.toContain(key);
    }),
    { numRuns: 150 },
  );
});

test.each([
  ['deeply nested lists', '['.repeat(200_000)],
  ['deeply nested objects', '{"error":'.repeat(50_000)],
  ['a deep and complete error', `${'{"error":'.repeat(3000)}1${'}'.repeat(3000)}`],
])('%s are just another unreadable answer', async (_, answer) => {
  await using server = await startScriptedProvider({ body: answer });
  await using provider = providerAt(server.url);
  expect(await provider.create(request, patient)).toMatchObject({ kind: 'unknown' });
  expect(await provider.poll('abc', patient)).toMatchObject({ kind: 'unavailable' });
});

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { otherKeyNames } from '../../src/doctor/checks/api-key.ts';
import { temporaryFolder } from '../run-cli.ts';
import { diagnose } from './diagnosis.ts';

const key = 'sk-aimlapi-0123456789abcdef0123456789abcdef';
/** Refuses at once, so that nothing but the key is slow or interesting. */
const nowhere = { AIMLAPI_BASE_URL: 'http://127.0.0.1:9' };

describe('the cause is named, not the symptom', () => {
  test.each([
    { cause: 'key_quoted', value: `"${key}"`, word: 'quotes' },
    { cause: 'key_bearer_prefix', value: `Bearer ${key}`, word: 'Bearer' },
    { cause: 'key_placeholder', value: 'sk-aimlapi-xxxxxxxx', word: 'placeholder' },
    { cause: 'key_surrounding_space', value: ` ${key}\n`, word: 'space' },
    { cause: 'key_inner_space', value: `${key.slice(0, 20)} ${key.slice(20)}`, word: 'space' },
    { cause: 'key_invisible_character', value: `${key}\u200b`, word: 'invisible' },
  ])('$cause', async ({ cause, value, word }) => {
    const diagnosis = await diagnose({ ...nowhere, AI_ML_API_KEY: value });
    expect(diagnosis.of(cause)).toMatchObject({
      id: 'api_key',
      status: 'fail',
      finding: expect.stringContaining(word),
    });
    expect(diagnosis.code).toBe(1);
    expect(diagnosis.text).not.toContain('0123456789abcdef');
  });

  test('key_missing', async () => {
    const diagnosis = await diagnose(nowhere);
    expect(diagnosis.of('key_missing')).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('Missing AI_ML_API_KEY'),
    });
    expect(diagnosis.code).toBe(1);
  });

  test('key_other_name, with the name that was found', async () => {
    const diagnosis = await diagnose({ ...nowhere, AIMLAPI_KEY: key });
    expect(diagnosis.of('key_other_name')).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('"AIMLAPI_KEY"'),
    });
    expect(diagnosis.text).not.toContain('0123456789abcdef');
  });

  test('key_file_unusable, with the path and the reason', async () => {
    const diagnosis = await diagnose({ ...nowhere, AI_ML_API_KEY_FILE: '/nowhere/key' });
    expect(diagnosis.of('key_file_unusable')?.finding).toMatch(/\/nowhere\/key: .*ENOENT/);
  });
});

test('a key from a file is as good as one from the environment', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'key');
  await writeFile(path, `${key}\n`);
  const diagnosis = await diagnose({ ...nowhere, AI_ML_API_KEY_FILE: path });
  expect(diagnosis.checks.find(({ id }) => id === 'api_key')).toMatchObject({
    status: 'ok',
    finding: expect.stringMatching(/^AI_ML_API_KEY loaded, length: 43, prefix: sk-aimlapi-, fingerprint: [0-9a-f]{8}$/),
  });
});

test('no key is needed when the sandbox was asked for', async () => {
  const diagnosis = await diagnose({ PROVIDER: 'sandbox' });
  expect(diagnosis.checks.find(({ id }) => id === 'api_key')).toMatchObject({ status: 'ok' });
  expect(diagnosis.code).toBe(0);
});

describe('other names of the key', () => {
  test.each([
    'AIML_API_KEY',
    'AIMLAPI_API_KEY',
    'AIMLAPI_KEY',
    'AI_ML_API_TOKEN',
    'AI_ML_KEY',
    'AIML_KEY',
    'AIMLAPI_TOKEN',
    'AIML_API_TOKEN',
    'AI_ML_APIKEY',
    'ai_ml_api_key',
    'AI-ML-API-KEY',
    'AI_ML_API_KEY ',
    'AI_ML_API',
    'AIMLAPI',
    'NEXT_PUBLIC_AIMLAPI_KEY',
  ])('%j is recognised', (name) => {
    expect(otherKeyNames({ [name]: key })).toEqual([name]);
  });

  test.each(['AIMLAPI_BASE_URL', 'AI_ML_API_KEY', 'AI_ML_API_KEY_FILE', 'OPENAI_API_KEY', 'AIMLAPI_KEYBOARD'])(
    '%j is another thing',
    (name) => {
      expect(otherKeyNames({ [name]: key })).toEqual([]);
    },
  );

  test('an empty variable is no key', () => {
    expect(otherKeyNames({ AIMLAPI_KEY: '' })).toEqual([]);
  });
});

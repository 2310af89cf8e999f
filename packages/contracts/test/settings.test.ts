import {
  apiSettings,
  chooseProvider,
  readSettings,
  sharedSettings,
  traceSettingsOf,
  workerSettings,
} from '@video-proxy/contracts';
import { describe, expect, test } from 'vitest';

const all = { ...sharedSettings, ...apiSettings, ...workerSettings };

describe('settings', () => {
  test('are complete without any variable, and an empty variable is one that is not set', () => {
    const empty = Object.fromEntries(Object.keys(all).map((name) => [name, '']));
    const [none, blank] = [readSettings(all, {}), readSettings(all, empty)];
    expect(none).toMatchObject({ kind: 'valid', settings: { PORT: 8080, HOST: '0.0.0.0', RETENTION_DAYS: 30 } });
    expect(blank).toMatchObject({ kind: 'valid', settings: { PORT: 8080, SUBMIT_CONCURRENCY: 2, LOG_LEVEL: 'info' } });
  });

  test('name every mistake at once, each by its variable', () => {
    const result = readSettings(all, {
      PORT: 'eighty',
      REDIS_URL: 'http://somewhere',
      CLIENT_KEYS: 'without-a-name',
      AIMLAPI_BASE_URL: 'ftp://somewhere',
      LOG_LEVEL: 'loud',
      POLL_CONCURRENCY: '0',
    });
    if (result.kind === 'valid') throw new Error('taken for valid');
    expect(result.problems.map((problem) => problem.split(':')[0]).toSorted()).toEqual([
      'AIMLAPI_BASE_URL',
      'CLIENT_KEYS',
      'LOG_LEVEL',
      'POLL_CONCURRENCY',
      'PORT',
      'REDIS_URL',
    ]);
  });

  test('never repeat a secret in a complaint', () => {
    const result = readSettings(all, { CLIENT_KEYS: 'chat=s3cret,chat=other-s3cret', REDIS_URL: 'http://u:s3cret@h' });
    expect(result.kind).toBe('invalid');
    expect(JSON.stringify(result)).not.toContain('s3cret');
  });

  test('CLIENT_KEYS becomes names and keys', () => {
    const result = readSettings(apiSettings, { CLIENT_KEYS: 'chat=k-1, n8n=k=2' });
    expect(result).toMatchObject({
      kind: 'valid',
      settings: {
        CLIENT_KEYS: new Map([
          ['chat', 'k-1'],
          ['n8n', 'k=2'],
        ]),
      },
    });
  });
});

describe('traces', () => {
  const traces = (environment: Record<string, string>) => {
    const result = readSettings(sharedSettings, environment);
    return result.kind === 'valid' ? traceSettingsOf(result.settings) : result.problems;
  };
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/' };

  test('are wanted by nobody who names no collector, or samples none', () => {
    expect(traces({ OTEL_EXPORTER_OTLP_HEADERS: 'a=b' })).toBeNull();
    expect(traces({ ...endpoint, OTEL_TRACES_SAMPLER: 'always_off' })).toBeNull();
    expect(traces({ ...endpoint, OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' })).toBeNull();
  });

  test('go to the collector with the headers it wants', () => {
    const headers = 'Authorization=Bearer%20abc=,x-tenant=7';
    expect(traces({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers, OTEL_TRACES_SAMPLER_ARG: '0.5' })).toEqual({
      url: 'http://collector:4318/v1/traces',
      headers: { authorization: 'Bearer abc=', 'x-tenant': '7' },
      serviceName: 'video-proxy',
      sampledShare: 1,
    });
    const some = { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.25' };
    expect(traces({ ...endpoint, ...some })).toMatchObject({ sampledShare: 0.25 });
  });

  test.each(['s3cret', 'a b=s3cret', 'a=%E0%A4%A s3cret', 'a=s3cret%0d%0ab'])(
    'are not sent with %j as headers, which is not repeated',
    (text) => {
      const problems = traces({ ...endpoint, OTEL_EXPORTER_OTLP_HEADERS: text });
      expect(problems).toEqual([expect.stringMatching(/^OTEL_EXPORTER_OTLP_HEADERS: must be a list/)]);
      expect(JSON.stringify(problems)).not.toContain('s3cret');
    },
  );
});

describe('the provider is', () => {
  test.each([
    ['the sandbox for a newcomer without a key', { NODE_ENV: 'development' }, true, 'sandbox'],
    ['the real one with a key', { NODE_ENV: 'development' }, false, 'aimlapi'],
    ['the real one in production, key or not', { NODE_ENV: 'production' }, true, 'aimlapi'],
    [
      'the real one when a key file is named, there or not',
      { NODE_ENV: 'test', AI_ML_API_KEY_FILE: '/x' },
      true,
      'aimlapi',
    ],
    ['what was asked for', { NODE_ENV: 'production', PROVIDER: 'sandbox' as const }, false, 'sandbox'],
  ])('%s', (_, settings, keyIsMissing, expected) => {
    expect(chooseProvider(settings, keyIsMissing)).toBe(expected);
  });
});

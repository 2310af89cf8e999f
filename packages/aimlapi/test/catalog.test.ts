import { type Catalog, describe as describeModel, expectedSecondsOf, openCatalog } from '@video-proxy/aimlapi/catalog';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';

const catalog = openCatalog();
const idOf = (from: Catalog, name: string) => from.find(name)?.id;

describe('the documented models', () => {
  test('are the 141 of the snapshot, each found under its own id', () => {
    expect(catalog.list()).toHaveLength(141);
    for (const model of catalog.list()) expect(catalog.find(model.id)).toBe(model);
  });

  test.each(catalog.list().map((model) => [model.id, model] as const))('%s is complete', (_, model) => {
    expect(model.vendor).not.toBeNull();
    expect(model.family).not.toBeNull();
    expect(model.modes.length).toBeGreaterThan(0);
    expect(model.expectedSeconds).toBeGreaterThan(5);
    expect(model.listed).toBeNull();
    const schema = model.parameters;
    if (schema === null) throw new Error('no schema');
    const ajv = new Ajv2020({ strictSchema: true, formats: { uri: true, uuid: true } });
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(Object.keys(schema.properties)).toEqual(expect.arrayContaining([...schema.required]));
    expect(schema.properties).not.toHaveProperty('prompt');
    expect(schema.properties).not.toHaveProperty('model');
    for (const property of Object.values(schema.properties)) {
      if (property['default'] !== undefined) expect(ajv.validate(property, property['default'])).toBe(true);
    }
  });
});

describe('a model is found', () => {
  test.each([
    ['google/veo-3.1-t2v', 'google/veo-3.1-t2v'],
    ['Google/VEO-3.1-T2V', 'google/veo-3.1-t2v'],
    ['google/veo-3.1-text-to-video', 'google/veo-3.1-t2v'],
    ['google/veo-3.1-text-to-video-fast', 'google/veo-3.1-t2v-fast'],
    ['google/veo-3.1-lite-generate-001', 'veo-3.1-lite-generate-001'],
    ['veo-3.1-lite-generate-001', 'veo-3.1-lite-generate-001'],
    ['klingai/video-v2-6-pro-motion-control', 'klingai/video-v2-6-motion-control'],
    ['pixverse/v5-5-text-to-video', 'pixverse/v5.5/text-to-video'],
    ['sora-2-t2v', 'openai/sora-2-t2v'],
    ['bytedance/seedance-2-0-mini', 'bytedance/dreamina-seedance-2-0-mini'],
    ['kling-video/v3/turbo/standard/text-to-video', 'klingai/video-v3-standard-turbo-text-to-video'],
    ['google/veo-2.0-generate-001', 'veo2'],
  ])('as %s', (name, id) => {
    expect(idOf(catalog, name)).toBe(id);
  });

  test.each(['', 'veo', 'google/veo-3.1', 'constructor', '__proto__', 'google/veo-3.1-t2v '])('not as "%s"', (name) => {
    expect(catalog.find(name)).toBeNull();
  });
});

describe('a mistyped model is answered with', () => {
  test.each([
    ['google/veo-3.1-t2v-fst', 'google/veo-3.1-t2v-fast'],
    ['veo3.1', 'google/veo-3.1-t2v'],
    ['veo 3.1 fast', 'google/veo-3.1-t2v-fast'],
    ['sora2', 'openai/sora-2-t2v'],
    ['sora-2-pro', 'openai/sora-2-pro-t2v'],
    ['hailuo', 'minimax/hailuo-02'],
    ['wan 2.6', 'alibaba/wan-2-6-t2v'],
    ['KlingV3', 'klingai/video-v3-pro-text-to-video'],
  ])('%s → %s', (mistyped, meant) => {
    expect(catalog.closest(mistyped, 10)).toContain(meant);
  });

  test('ids only, the best first, no more than asked for', () => {
    expect(catalog.closest('google/veo-3.1-text-to-vide', 2)).toEqual([
      'google/veo-3.1-t2v',
      'google/veo-3.1-t2v-fast',
    ]);
    expect(catalog.closest('veo3.1')).toHaveLength(3);
  });

  test.each(['gpt-4o', 'asdfgh', '', '🎬', 'x'.repeat(1_000_000)])(
    'nothing when nothing is like it (%#)',
    (mistyped) => {
      expect(catalog.closest(mistyped)).toEqual([]);
    },
  );
});

test.each([
  ['google/veo-3.1-t2v', ['text-to-video']],
  ['google/veo-3.1-i2v', ['image-to-video']],
  ['google/veo-3.1-reference-to-video', ['reference-to-video']],
  ['google/veo3-1-extend-video', ['video-to-video']],
  ['bytedance/omnihuman', ['audio-to-video']],
  ['alibaba/wan-2-6-t2v', ['text-to-video']],
  ['minimax/hailuo-02', ['text-to-video', 'image-to-video']],
  ['bytedance/seedance-2-0', ['text-to-video', 'image-to-video', 'reference-to-video', 'video-to-video']],
])('%s makes %j', (id, modes) => {
  expect(catalog.find(id)?.modes).toEqual(modes);
});

test('the expected time follows the clip length where the documentation shows that it matters', () => {
  expect(expectedSecondsOf('klingai/v2.1-master-text-to-video', { duration: 5 })).toBe(330);
  expect(expectedSecondsOf('klingai/v2.1-master-text-to-video', { duration: 10 })).toBe(750);
  expect(expectedSecondsOf('google/veo-3.1-t2v', { duration: 8 })).toBe(90);
  expect(expectedSecondsOf('somebody/new-model')).toBe(180);
});

test('a description has everything GET /v1/models shows, in its spelling', () => {
  const model = catalog.find('google/veo-3.1-t2v-fast');
  if (model === null) throw new Error('unknown');
  expect(describeModel(model)).toMatchObject({
    id: 'google/veo-3.1-t2v-fast',
    aliases: ['google/veo-3.1-text-to-video-fast'],
    vendor: 'Google',
    family: 'Veo 3.1',
    modes: ['text-to-video'],
    prompt: { required: true, max_length: null },
    parameters: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { duration: { type: 'integer', enum: [4, 6, 8], default: 8 } },
      required: [],
      additionalProperties: false,
    },
    expected_seconds: 90,
    listed: null,
    documentation: expect.stringContaining('2026-08-21'),
  });
});

describe('the live list', () => {
  const refreshed = (...listed: { id: string; aliases?: string[] }[]) => {
    const own = openCatalog();
    own.refresh(listed.map(({ id, aliases = [] }) => ({ id, aliases })));
    return own;
  };

  test('confirms documented models and adds their aliases', () => {
    const own = refreshed({ id: 'google/veo-3.1-t2v', aliases: ['veo-latest'] });
    expect(own.find('veo-latest')).toMatchObject({ id: 'google/veo-3.1-t2v', listed: true });
    expect(own.find('google/veo-3.1-text-to-video')).toMatchObject({ id: 'google/veo-3.1-t2v' });
  });

  test('keeps models that it no longer has, and says so', () => {
    const own = refreshed({ id: 'google/veo-3.1-t2v' });
    expect(own.find('openai/sora-2-t2v')).toMatchObject({ id: 'openai/sora-2-t2v', listed: false });
    expect(own.list()).toHaveLength(141);
  });

  test('adds new models, whose parameters go through unchecked', () => {
    const own = refreshed({ id: 'minimax/h3-max', aliases: ['h3-max'] });
    const model = own.find('H3-Max');
    if (model === null) throw new Error('unknown');
    expect(model).toMatchObject({ id: 'minimax/h3-max', parameters: null, vendor: null, listed: true });
    const parameters = { anything: ['goes'] };
    expect(own.check(model, { prompt: null, parameters })).toEqual({ kind: 'valid', prompt: null, parameters });
    expect(describeModel(model)).toMatchObject({ parameters: null, documentation: null });
    expect(own.list().at(-1)).toBe(model);
  });

  test('decides which of two contradicting documented names is the id', () => {
    const own = refreshed({ id: 'google/veo-3.1-lite-generate-001' });
    for (const name of ['veo-3.1-lite-generate-001', 'google/veo-3.1-lite-generate-001']) {
      const model = own.find(name);
      expect(model).toMatchObject({ id: 'google/veo-3.1-lite-generate-001', listed: true });
      expect(model?.parameters?.properties).toHaveProperty('person_generation');
    }
  });

  test('keeps a documented id that it knows as an alias', () => {
    const own = refreshed({ id: 'kling-v3-turbo', aliases: ['klingai/video-v3-standard-turbo-text-to-video'] });
    expect(own.find('kling-v3-turbo')).toMatchObject({ id: 'klingai/video-v3-standard-turbo-text-to-video' });
  });

  test('never lets an alias hide a model of that very name', () => {
    const own = refreshed({ id: 'one', aliases: ['google/veo-3.1-t2v-x'] }, { id: 'google/veo-3.1-t2v-x' });
    expect(idOf(own, 'google/veo-3.1-t2v-x')).toBe('google/veo-3.1-t2v-x');
    const both = refreshed({ id: 'google/veo-3.1-t2v' }, { id: 'google/veo-3.1-text-to-video' });
    expect(idOf(both, 'google/veo-3.1-text-to-video')).toBe('google/veo-3.1-text-to-video');
    expect(idOf(both, 'google/veo-3.1-t2v')).toBe('google/veo-3.1-t2v');
  });

  test('replaces the list before it, and an empty one is ignored', () => {
    const own = refreshed({ id: 'somebody/first' });
    own.refresh([{ id: 'somebody/second', aliases: [] }]);
    expect(own.find('somebody/first')).toBeNull();
    own.refresh([]);
    expect(own.find('somebody/second')).not.toBeNull();
  });

  test('leaves models found before as they were', () => {
    const own = openCatalog();
    const before = own.find('google/veo-3.1-t2v');
    const list = own.list();
    own.refresh([{ id: 'somebody/new', aliases: [] }]);
    expect(before?.listed).toBeNull();
    expect(list).toHaveLength(141);
  });
});

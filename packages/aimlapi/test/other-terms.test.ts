import {
  clipSecondsOf,
  frameSizeOf,
  lengthParameters,
  openCatalog,
  pictureParameters,
  providerModelName,
  sizeParameters,
  usualLength,
} from '@video-proxy/aimlapi/catalog';
import { describe, expect, test } from 'vitest';

const catalog = openCatalog();

function model(id: string) {
  const found = catalog.find(id);
  if (found === null) throw new Error(`unknown model ${id}`);
  return found;
}

function sized(id: string, size: string) {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return sizeParameters(model(id), { width, height });
}

describe('a size in pixels', () => {
  test.each([
    ['google/veo-3.1-t2v', '720x1280', { aspect_ratio: '9:16', resolution: '720p' }],
    ['google/veo3', '1920x1080', { aspect_ratio: '16:9', resolution: '1080P' }],
    ['openai/sora-2-t2v', '1280x720', { aspect_ratio: '16:9', resolution: '720p' }],
    ['openai/sora-2-pro-t2v', '1792x1024', { aspect_ratio: '16:9', resolution: '1080p' }],
    ['openai/sora-2-pro-t2v', '1024x1792', { aspect_ratio: '9:16', resolution: '1080p' }],
    ['kling-video/v1/standard/text-to-video', '720x720', { aspect_ratio: '1:1' }],
    ['minimax/hailuo-2.3', '1280x720', { resolution: '768P' }],
    ['minimax/h3', '1280x720', { ratio: '16:9' }],
    ['blackforestlabs/flux-3-video-t2v', '1280x720', { aspect_ratio: '16:9', resolution: 'hd' }],
    ['runway/gen4_aleph', '720x1280', { frame_size: '720:1280' }],
  ])('becomes the own parameters of %s', (id, size, parameters) => {
    expect(sized(id, size)).toEqual({ kind: 'offered', parameters });
  });

  test('that a model does not have is answered with those it has', () => {
    expect(sized('openai/sora-2-t2v', '1792x1024')).toEqual({
      kind: 'not_offered',
      offered: ['1280x720', '720x1280'],
    });
    expect(sized('google/veo-3.1-t2v', '720x720')).toMatchObject({ kind: 'not_offered' });
    expect(sized('klingai/v2.5-turbo/pro/image-to-video', '1280x720')).toEqual({ kind: 'not_offered', offered: [] });
  });

  test('whatever a model offers is found again by its own size', () => {
    for (const one of catalog.list()) {
      const refused = sizeParameters(one, { width: 9_000, height: 7 });
      if (refused.kind === 'offered') throw new Error(`${one.id} offers everything`);
      for (const size of refused.offered.filter((words) => /^\d+x\d+$/.test(words))) {
        const asked = sized(one.id, size);
        expect(asked.kind, `${one.id} ${size}`).toBe('offered');
        if (asked.kind === 'not_offered') continue;
        const { width, height } = frameSizeOf(one, asked.parameters) ?? { width: 0, height: 0 };
        expect(`${width}x${height}`, one.id).toBe(size);
        for (const [name, value] of Object.entries(asked.parameters)) {
          expect(one.parameters?.properties[name]?.['enum'], `${one.id} ${name}`).toContain(value);
        }
      }
    }
  });

  test('is known from parameters and the defaults of the model, or not at all', () => {
    expect(frameSizeOf(model('openai/sora-2-t2v'), {})).toEqual({ width: 1280, height: 720 });
    expect(frameSizeOf(model('openai/sora-2-t2v'), { aspect_ratio: '9:16' })).toEqual({ width: 720, height: 1280 });
    expect(frameSizeOf(model('google/veo3-1-extend-video'), {})).toBeNull();
  });
});

describe('a length in seconds', () => {
  test('is the duration of models that have one', () => {
    expect(lengthParameters(model('google/veo-3.1-t2v'), 6)).toEqual({ duration: 6 });
    expect(lengthParameters(model('sber-ai/kandinsky5-t2v'), 6)).toEqual({ duration: 6 });
    expect(lengthParameters(model('pixverse/lip-sync'), 6)).toBeNull();
  });

  test.each([
    ['the usual one where it is offered', 'google/veo-3.1-t2v', { duration: 4 }],
    ['the usual one within a range', 'x-ai/grok-imagine-video', { duration: 4 }],
    ["the model's own where it has one", 'klingai/v2.5-turbo/pro/text-to-video', {}],
    ['the shortest where it has none', 'minimax/hailuo-2.3', { duration: 6 }],
    ['nothing where it cannot be chosen', 'pixverse/lip-sync', {}],
  ])('that nobody named is %s', (_what, id, parameters) => {
    expect(usualLength(model(id), 4)).toEqual(parameters);
  });

  test('is known from parameters or the default of the model', () => {
    expect(clipSecondsOf(model('google/veo-3.1-t2v'), { duration: 6 })).toBe(6);
    expect(clipSecondsOf(model('openai/sora-2-t2v'), {})).toBe(4);
    expect(clipSecondsOf(model('minimax/hailuo-2.3'), {})).toBeNull();
  });
});

test.each([
  ['openai/sora-2-i2v', { image_url: 'u' }],
  ['luma/ray-2', { keyframes: { frame0: { type: 'image', url: 'u' } } }],
  ['google/veo-3.1-reference-to-video', { image_urls: ['u'] }],
  ['google/veo-3.1-t2v', null],
])('a picture goes to %s by its own parameter', (id, parameters) => {
  expect(pictureParameters(model(id), 'u')).toEqual(parameters);
});

test.each([
  ['sora-2', false, 'openai/sora-2-t2v'],
  ['sora-2', true, 'openai/sora-2-i2v'],
  ['sora-2-pro-2025-10-06', true, 'openai/sora-2-pro-i2v'],
  ['openai/sora-2-t2v', true, 'openai/sora-2-t2v'],
  ['google/veo-3.1-t2v', true, 'google/veo-3.1-t2v'],
])('the name %s with a picture: %s is %s', (name, withPicture, expected) => {
  expect(providerModelName(name, withPicture)).toBe(expected);
});

import { openCatalog } from '@video-proxy/aimlapi/catalog';
import type { JsonObject } from '@video-proxy/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const catalog = openCatalog();
const veo = 'google/veo-3.1-t2v';
const image = 'https://example.test/a.png';

function check(id: string, parameters: JsonObject, prompt: string | null = 'a lighthouse') {
  const model = catalog.find(id);
  if (model === null) throw new Error(`unknown model ${id}`);
  return catalog.check(model, { prompt, parameters });
}

function issuesOf(id: string, parameters: JsonObject, prompt: string | null = 'a lighthouse') {
  const result = check(id, parameters, prompt);
  return result.kind === 'valid' ? [] : result.issues;
}

describe('a request is valid', () => {
  test('with nothing but what is required', () => {
    expect(check(veo, {})).toEqual({ kind: 'valid', prompt: 'a lighthouse', parameters: {} });
  });

  test.each<[string, string, JsonObject, JsonObject]>([
    ['numeric texts', veo, { duration: '8', seed: '-1' }, { duration: 8, seed: -1 }],
    ['decimal texts', 'kling-video/v1/pro/text-to-video', { cfg_scale: '0.5' }, { cfg_scale: 0.5 }],
    ['another letter case, model spells 1080p', veo, { resolution: '1080P' }, { resolution: '1080p' }],
    ['another letter case, model spells 1080P', 'google/veo3', { resolution: '1080p' }, { resolution: '1080P' }],
    ['another letter case of a name', 'pixverse/v5/text-to-video', { style: 'Anime' }, { style: 'anime' }],
    ['null for what is not set', veo, { seed: null, duration: 4 }, { duration: 4 }],
    [
      'numeric texts inside a list',
      'klingai/video-v3-turbo-pro-text-to-video',
      { multi_prompt: [{ prompt: 'a', duration: '3' }] },
      { multi_prompt: [{ prompt: 'a', duration: 3 }] },
    ],
  ])('and respelled where the meaning is beyond doubt: %s', (_, id, parameters, sent) => {
    const prompt = 'multi_prompt' in parameters ? null : 'a';
    expect(check(id, parameters, prompt)).toMatchObject({ kind: 'valid', parameters: sent });
  });

  test('without its input being changed', () => {
    const parameters = Object.freeze({ duration: '8', resolution: '1080P' });
    expect(check(veo, parameters)).toMatchObject({ kind: 'valid' });
    expect(parameters).toEqual({ duration: '8', resolution: '1080P' });
  });

  test.each([image, 'http://example.test/a.png', `data:image/png;base64,${'A'.repeat(1_000_000)}`])(
    'with an image given as link or embedded (%#)',
    (url) => {
      expect(issuesOf('google/veo-3.1-i2v', { image_url: url })).toEqual([]);
    },
  );

  test('with a prompt for a model that takes none, which is then not sent', () => {
    const parameters = { image_url: image, audio_url: 'https://example.test/a.mp3' };
    expect(check('bytedance/omnihuman', parameters)).toEqual({ kind: 'valid', prompt: null, parameters });
  });

  test('without a prompt where it is optional; a blank one counts as none', () => {
    const parameters = { image_url: image };
    expect(check('klingai/v2-master-image-to-video', parameters, ' ')).toEqual({
      kind: 'valid',
      prompt: null,
      parameters,
    });
  });

  test.each([
    ['one image', image],
    ['several images', [image, image]],
  ])('with either of two shapes: %s', (_, image_url) => {
    expect(issuesOf('klingai/kling-video-v1.6-pro-effects', { image_url, effect_scene: 'hug' }, null)).toEqual([]);
  });

  test.each([null, { type: 'image', url: image }, { type: 'generation', id: '9e730e80-1b2c-4d3e-8f4a-5b6c7d8e9f00' }])(
    'with a key frame of any documented shape (%#)',
    (frame0) => {
      expect(issuesOf('luma/ray-2', { keyframes: { frame0 } })).toEqual([]);
    },
  );
});

describe('the person is told', () => {
  test.each<[string, string, JsonObject, string, string]>([
    ['the values', veo, { duration: 5 }, 'duration', `duration must be one of 4, 6, 8 for ${veo} (got 5)`],
    ['the values as texts', veo, { duration: '5' }, 'duration', `duration must be one of 4, 6, 8 for ${veo} (got 5)`],
    [
      'the only value',
      'minimax/h3',
      { resolution: '4k' },
      'resolution',
      'resolution must be 2K for minimax/h3 (got "4k")',
    ],
    [
      'a range of values',
      'bytedance/seedance-2-0',
      { duration: 30 },
      'duration',
      'duration must be a whole number from 4 to 15 for bytedance/seedance-2-0 (got 30)',
    ],
    ['the type', veo, { seed: 1.5 }, 'seed', `seed must be a whole number for ${veo} (got 1.5)`],
    [
      'the type of a number in a text',
      veo,
      { seed: 'many' },
      'seed',
      `seed must be a whole number for ${veo} (got "many")`,
    ],
    [
      'that a text is no boolean',
      veo,
      { generate_audio: 'false' },
      'generate_audio',
      `generate_audio must be true or false for ${veo} (got "false")`,
    ],
    [
      'the minimum',
      'runway/act_two',
      { character: { type: 'image', url: image }, reference: { type: 'video', url: image }, expression_intensity: 0 },
      'expression_intensity',
      'expression_intensity must be at least 1 for runway/act_two (got 0)',
    ],
    [
      'the maximum',
      'kling-video/v1/pro/text-to-video',
      { cfg_scale: 2 },
      'cfg_scale',
      'cfg_scale must be at most 1 for kling-video/v1/pro/text-to-video (got 2)',
    ],
    ['what is missing', 'google/veo-3.1-i2v', {}, 'image_url', 'image_url is required for google/veo-3.1-i2v'],
    [
      'that null is not a value for it',
      'google/veo-3.1-i2v',
      { image_url: null },
      'image_url',
      'image_url is required for google/veo-3.1-i2v',
    ],
    [
      'what a link is',
      'google/veo-3.1-i2v',
      { image_url: 'a.png' },
      'image_url',
      'image_url must be an http(s) URL or a data: URI for google/veo-3.1-i2v (got "a.png")',
    ],
    [
      'how many',
      'klingai/video-o1-reference-to-video',
      { image_list: [] },
      'image_list',
      'image_list needs at least 1 entries for klingai/video-o1-reference-to-video',
    ],
    [
      'which item',
      'klingai/video-v3-turbo-pro-text-to-video',
      { multi_prompt: [{ prompt: 'a' }, { duration: 99 }] },
      'multi_prompt[1].prompt',
      'multi_prompt[1].prompt is required for klingai/video-v3-turbo-pro-text-to-video',
    ],
    [
      'that no shape fits',
      'luma/ray-2',
      { keyframes: { frame0: { type: 'image' } } },
      'keyframes.frame0',
      'keyframes.frame0 has none of the accepted shapes for luma/ray-2',
    ],
  ])('%s', (_, id, parameters, param, message) => {
    const prompt = id.includes('turbo') ? null : 'a';
    const [issue] = issuesOf(id, parameters, prompt);
    expect(issue).toMatchObject({ param, message });
  });

  test('every accepted value, for a machine to offer', () => {
    expect(issuesOf(veo, { duration: 5 })).toMatchObject([{ param: 'duration', allowed: [4, 6, 8] }]);
    const [effect] = issuesOf('klingai/kling-video-v1.6-pro-effects', { image_url: image, effect_scene: 'x' }, null);
    expect(effect?.allowed?.length).toBe(80);
    expect(effect?.message.length).toBeLessThan(500);
  });

  test.each([
    ['duraton', 'duration'],
    ['aspectRatio', 'aspect_ratio'],
    ['Aspect-Ratio', 'aspect_ratio'],
    ['ratio', 'aspect_ratio'],
    ['seconds', 'duration'],
    ['audio', 'generate_audio'],
    ['resolutoin', 'resolution'],
  ])('which parameter was probably meant: %s → %s', (name, meant) => {
    expect(issuesOf(veo, { [name]: 1 })).toMatchObject([
      { param: name, message: expect.stringContaining(`did you mean ${meant}?`) },
    ]);
  });

  test('that an unknown parameter would silently do nothing', () => {
    expect(issuesOf(veo, { zoom: 1 })).toMatchObject([{ message: expect.stringContaining('silently ignores') }]);
  });

  test.each(['prompt', 'model'])('that %s belongs beside the parameters', (name) => {
    expect(issuesOf(veo, { [name]: 'x' })).toMatchObject([{ param: name, message: expect.stringContaining('beside') }]);
  });

  test('all mistakes at once, at most ten', () => {
    expect(
      issuesOf(veo, { duration: 5, resolution: '4k', zoom: 1 }, '')
        .map(({ param }) => param)
        .toSorted(),
    ).toEqual([...['duration', 'prompt', 'resolution', 'zoom']]);
    const many = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`p${index}`, 1]));
    expect(issuesOf(veo, many)).toHaveLength(10);
  });
});

describe('the prompt', () => {
  test.each([null, '', ' \n\t'])('is required where the model needs it (%j)', (prompt) => {
    expect(issuesOf(veo, {}, prompt)).toEqual([{ param: 'prompt', message: `prompt is required for ${veo}` }]);
  });

  test('is counted in characters, not in bytes or code units', () => {
    const id = 'klingai/video-v3-turbo-pro-text-to-video';
    expect(issuesOf(id, {}, '😀'.repeat(3072))).toEqual([]);
    expect(issuesOf(id, {}, 'x'.repeat(3073))).toEqual([
      { param: 'prompt', message: `prompt takes at most 3072 characters for ${id} (got 3073)` },
    ]);
  });

  test('is sent as it was written', () => {
    expect(check(veo, {}, '  a lighthouse\n')).toMatchObject({ prompt: '  a lighthouse\n' });
  });
});

describe('what the documentation says in words is held', () => {
  const klingV3 = 'klingai/video-v3-pro-text-to-video';
  const omni = 'klingai/video-v3-omni-720p-image-to-video';
  const grok = 'x-ai/grok-imagine-video';
  const lipSync = 'pixverse/lip-sync';
  const liteVeo = 'google/veo-3-1-lite-generate-preview';
  const wan = 'alibaba/wan-2-6-t2v';
  const ray = 'luma/ray-3.2';
  const seedance = 'bytedance/seedance-2-0';
  const video = 'https://example.test/a.mp4';
  const audio = 'https://example.test/a.mp3';
  const tts = { lip_sync_tts_content: 'hi', lip_sync_tts_speaker: 'Ava' };

  test.each<[string, string, string | null, JsonObject, string | null]>([
    ['Kling 3: a prompt', klingV3, 'a', {}, null],
    ['Kling 3: several prompts', klingV3, null, { multi_prompt: ['a', 'b'] }, null],
    ['Kling 3: both', klingV3, 'a', { multi_prompt: ['a'] }, 'prompt'],
    ['Kling 3: neither', klingV3, null, {}, 'prompt'],
    [
      'Kling 3 motion control needs neither',
      'klingai/video-v3-motion-control',
      null,
      { image_url: image, video_url: video },
      null,
    ],
    ['Kling 3 omni: end frame with sound', omni, 'a', { image_url: image, tail_image_url: image }, 'tail_image_url'],
    [
      'Kling 3 omni: end frame, silent',
      omni,
      'a',
      { image_url: image, tail_image_url: image, generate_audio: false },
      null,
    ],
    ['Grok: first frame', grok, 'a', { image_url: image }, null],
    [
      'Grok: first frame and references',
      grok,
      'a',
      { image_url: image, reference_images: [image] },
      'reference_images',
    ],
    ['lip-sync: audio', lipSync, null, { video_url: video, audio_url: audio }, null],
    ['lip-sync: speech', lipSync, null, { video_url: video, ...tts }, null],
    ['lip-sync: both', lipSync, null, { video_url: video, audio_url: audio, ...tts }, 'audio_url'],
    ['lip-sync: half of the speech', lipSync, null, { video_url: video, lip_sync_tts_content: 'hi' }, 'audio_url'],
    ['lip-sync: neither', lipSync, null, { video_url: video }, 'audio_url'],
    ['PixVerse: 8 s at 720p', 'pixverse/v5/text-to-video', 'a', { duration: 8, resolution: '720p' }, null],
    ['PixVerse: 8 s at 1080p', 'pixverse/v5/text-to-video', 'a', { duration: '8', resolution: '1080P' }, 'duration'],
    ['Veo lite: last frame with 8 s by default', liteVeo, 'a', { last_image_url: image }, null],
    ['Veo lite: last frame with 6 s', liteVeo, 'a', { last_image_url: image, duration: 6 }, 'duration'],
    ['Wan: own sound', wan, 'a', { audio_url: audio }, null],
    ['Wan: own and made sound', wan, 'a', { audio_url: audio, generate_audio: true }, 'generate_audio'],
    ['Ray: HDR by default', ray, 'a', { hdr: true }, null],
    ['Ray: HDR with 10 s', ray, 'a', { hdr: true, duration: 10 }, 'hdr'],
    ['Ray: HDR at 540p', ray, 'a', { hdr: true, resolution: '540p' }, 'hdr'],
    ['Ray: EXR without HDR', ray, 'a', { exr_export: true }, 'exr_export'],
    ['Beeble: prompt', 'beeble/switchx-video-to-video', 'a', { video_url: video }, null],
    ['Beeble: nothing to go by', 'beeble/switchx-video-to-video', null, { video_url: video }, 'prompt'],
    ['Seedance 2: sound alone', seedance, 'a', { audio_urls: [audio] }, 'audio_urls'],
    ['Seedance 2: sound and image', seedance, 'a', { audio_urls: [audio], image_urls: [image] }, null],
    ['a video as a link', 'google/veo3-1-extend-video', 'a', { video_url: video }, null],
    ['a video embedded', 'google/veo3-1-extend-video', 'a', { video_url: 'data:video/mp4;base64,AAAA' }, 'video_url'],
    ['videos embedded', seedance, 'a', { video_urls: ['data:video/mp4;base64,AAAA'] }, 'video_urls'],
  ])('%s', (_, id, prompt, parameters, param) => {
    const issues = issuesOf(id, parameters, prompt);
    expect(issues.map((issue) => issue.param)).toEqual(param === null ? [] : [param]);
  });
});

describe('hostile parameters', () => {
  const json = fc.jsonValue({ maxDepth: 4 }).map((value) => value as JsonObject[string]);
  const names = [...new Set(catalog.list().flatMap((model) => Object.keys(model.parameters?.properties ?? {})))];

  test('never make a check throw', () => {
    const parameters = fc.dictionary(fc.oneof(fc.constantFrom(...names, '__proto__'), fc.string()), json);
    const model = fc.constantFrom(...catalog.list());
    fc.assert(
      fc.property(model, parameters, fc.option(fc.string()), (of, values, prompt) => {
        const result = catalog.check(of, { prompt, parameters: values });
        if (result.kind === 'invalid') {
          expect(result.issues.length).toBeGreaterThan(0);
          for (const { message } of result.issues) expect(message.length).toBeLessThan(700);
        }
      }),
      { numRuns: 300 },
    );
  });

  test.each<[string, () => JsonObject]>([
    [
      'a hundred thousand unknown names',
      () => Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`p${i}`, 1])),
    ],
    ['a million values in one list', () => ({ keyframes: { frame0: Array.from({ length: 1_000_000 }, () => 1) } })],
    ['a very deep value', () => JSON.parse(`{"keyframes":${'['.repeat(10_000)}${']'.repeat(10_000)}}`)],
  ])('cost next to nothing: %s', (_, make) => {
    const parameters = make();
    const startedMs = performance.now();
    expect(check('luma/ray-2', parameters)).toMatchObject({ kind: 'invalid', issues: [{ param: 'parameters' }] });
    expect(performance.now() - startedMs).toBeLessThan(1_000);
  });

  test('named __proto__ are unknown like any other, and change nothing', () => {
    const parameters = JSON.parse('{"__proto__":{"duration":8}}');
    expect(issuesOf(veo, parameters)).toMatchObject([{ param: '__proto__' }]);
    expect({}).not.toHaveProperty('duration');
  });
});

test('a check is cheap enough for every request', () => {
  const parameters = { duration: '8', resolution: '1080P', aspect_ratio: '16:9', generate_audio: true };
  const rounds = 2_000;
  for (let round = 0; round < rounds; round += 1) check(veo, parameters);
  const startedMs = performance.now();
  for (let round = 0; round < rounds; round += 1) check(veo, parameters);
  // Measured at about 1 µs; the bound only catches a schema that is compiled on every call.
  expect((performance.now() - startedMs) / rounds).toBeLessThan(0.1);
});

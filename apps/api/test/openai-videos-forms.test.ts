import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { error, png, prompt, sendForm, video } from './openai-wire.ts';
import { clientKey, otherKey, type RunningApi, startApi } from './running-api.ts';

let api: RunningApi;
beforeEach(async () => {
  api = await startApi();
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

const create = (body: unknown, headers: Record<string, string> = {}) =>
  api.call('POST', '/v1/videos', { body, headers });
const jobOf = (id: string) => api.ledger.jobs.get(id);
const pngFile = (name = 'a.png', type = 'image/png') => new File([png], name, { type });
const pngUri = `data:image/png;base64,${png.toString('base64')}`;

describe('a picture to begin with', () => {
  test.each<[string, () => Promise<Response>, string]>([
    [
      'a file',
      () =>
        sendForm(api, [
          ['prompt', prompt],
          ['input_reference', pngFile()],
        ]),
      pngUri,
    ],
    [
      'a file before everything else',
      () =>
        sendForm(api, [
          ['input_reference', pngFile()],
          ['prompt', prompt],
        ]),
      pngUri,
    ],
    [
      'a file without a name and a type',
      () =>
        sendForm(api, [
          ['prompt', prompt],
          ['input_reference', pngFile('unknown_file', '')],
        ]),
      pngUri,
    ],
    [
      'input_reference[image_url]',
      () =>
        sendForm(api, [
          ['prompt', prompt],
          ['input_reference[image_url]', 'https://example.test/a.png'],
        ]),
      'https://example.test/a.png',
    ],
    ['a JSON object', () => create({ prompt, input_reference: { image_url: pngUri } }), pngUri],
  ])('comes as %s', async (_how, send, uri) => {
    const made = await video(await send());
    expect(made.model).toBe('openai/sora-2-i2v');
    // Its shape is the picture's, so no size is added.
    expect((await jobOf(made.id))?.parameters).toEqual({ duration: 4, image_url: uri });
  });

  test('goes to the parameter that its model has for it', async () => {
    const body = { prompt, model: 'google/veo-3.1-reference-to-video', input_reference: { image_url: pngUri } };
    expect((await jobOf((await video(await create(body))).id))?.parameters).toMatchObject({ image_urls: [pngUri] });
  });

  test('that was uploaded before comes by its id, in a form and in JSON, and is nobody else’s', async () => {
    const uploaded = await sendForm(api, [['file', pngFile()]], { path: '/v1/files' });
    const { id: file_id } = (await uploaded.json()) as { id: string };
    const body = { prompt, input_reference: { file_id } };
    const answers = [
      await create(body),
      await sendForm(api, [
        ['prompt', prompt],
        ['input_reference[file_id]', file_id],
      ]),
    ];
    for (const answer of answers) {
      expect((await jobOf((await video(answer)).id))?.parameters).toEqual({ duration: 4, image_url: file_id });
    }
    expect(await error(await api.call('POST', '/v1/videos', { body, key: otherKey }))).toMatchObject({
      status: 400,
      param: 'input_reference',
    });
  });

  test.each([
    ['a video', [['input_reference', new File(['\0\0\0\x18ftypmp42'], 'a.mp4', { type: 'video/mp4' })]]],
    ['nothing', [['input_reference', new File([], 'a.png', { type: 'image/png' })]]],
    ['a file of another name', [['mask', pngFile()]]],
  ] as const)('that is %s is refused', async (_what, parts) => {
    expect((await error(await sendForm(api, [['prompt', prompt], ...parts]))).status).toBe(400);
  });

  test('may be as large as this wire and the files of a job allow', async () => {
    const largest = Buffer.concat([png, Buffer.alloc(20 * 1024 * 1024 - png.length)]);
    const file = new File([largest], 'a.png', { type: 'image/png' });
    const form = await sendForm(api, [
      ['prompt', prompt],
      ['input_reference', file],
    ]);
    const { id } = await video(form);
    expect((await jobOf(id))?.parameters['image_url']).toMatch(/^file_/);
    const start = pngUri.replace(/=*$/, '');
    const image_url = start + 'A'.repeat(20_971_520 - start.length);
    await video(await create({ prompt, input_reference: { image_url } }));
  });

  test('beyond the size of any body is refused before it is kept', async () => {
    const file = new File([png, Buffer.alloc(22 * 1024 * 1024)], 'a.png', { type: 'image/png' });
    const refused = await sendForm(api, [
      ['prompt', prompt],
      ['input_reference', file],
    ]);
    expect((await error(refused)).status).toBe(413);
  });
});

describe('a form', () => {
  test.each([
    ['that is cut off', '--b\r\ncontent-disposition: form-data; name="prompt"\r\n\r\nhal'],
    ['that is none', 'prompt=a'],
    ['with an impossible name', '--b\r\ncontent-disposition: form-data; name="a[b][c][d][e]"\r\n\r\nx\r\n--b--\r\n'],
    [
      'in another encoding than UTF-8',
      Buffer.from('--b\r\ncontent-disposition: form-data; name="prompt"\r\n\r\n\xb7\xe7\r\n--b--\r\n', 'latin1'),
    ],
    ['that reaches for prototypes', '--b\r\ncontent-disposition: form-data; name="__proto__[x]"\r\n\r\nx\r\n--b--\r\n'],
  ])('%s is refused in the envelope of errors', async (_what, body) => {
    const headers = { authorization: `Bearer ${clientKey}`, 'content-type': 'multipart/form-data; boundary=b' };
    const response = await fetch(`${api.url}/v1/videos`, { method: 'POST', headers, body });
    expect(await error(response)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  test('with lists and objects is read as what they are', async () => {
    const made = await video(
      await sendForm(api, [
        ['model', 'google/veo-3.1-reference-to-video'],
        ['prompt', prompt],
        ['image_urls[]', 'https://example.test/a.png'],
        ['image_urls[]', 'https://example.test/b.png'],
      ]),
    );
    expect((await jobOf(made.id))?.parameters).toMatchObject({
      image_urls: ['https://example.test/a.png', 'https://example.test/b.png'],
    });
  });

  test('keeps every character of its texts, the one for unreadable ones, too', async () => {
    const words = '风筝 🪁 \ufffd';
    expect((await video(await sendForm(api, [['prompt', words]]))).prompt).toBe(words);
  });

  test('is taken by no other wire', async () => {
    expect((await sendForm(api, [['prompt', prompt]], { path: '/v1/jobs' })).status).toBe(415);
  });
});

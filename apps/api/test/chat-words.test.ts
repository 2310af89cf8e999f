import { describe, expect, test } from 'vitest';
import { chatRequest } from '../src/surfaces/chat/conversation.ts';
import { intentOf } from '../src/surfaces/chat/intent.ts';
import { readPrompt } from '../src/surfaces/chat/prompt-options.ts';

test.each([
  ['a kite', 'a kite', {}],
  ['a kite --duration 8 --aspect 9:16', 'a kite', { duration: 8, aspect_ratio: '9:16' }],
  [
    '一只风筝 --时长 8 --比例 9:16 --分辨率 1080p',
    '一只风筝',
    { duration: 8, aspect_ratio: '9:16', resolution: '1080p' },
  ],
  ['一只风筝 ——时长：8秒', '一只风筝', { duration: 8 }],
  ['--seed=7 a kite', 'a kite', { seed: 7 }],
  [
    'a kite --negative-prompt "blurry, dark" --audio off',
    'a kite',
    { negative_prompt: 'blurry, dark', generate_audio: false },
  ],
  ['a well-known hero - alone -- at dawn', 'a well-known hero - alone -- at dawn', {}],
  ['first line\nsecond line --duration 5s', 'first line\nsecond line', { duration: 5 }],
])('%j is the wish %j with %j', (text, prompt, parameters) => {
  expect(readPrompt(text)).toEqual({ prompt, parameters });
});

const ask = (content: unknown, more: object = {}) =>
  intentOf(chatRequest.parse({ model: 'm', stream: true, messages: [{ role: 'user', content }], ...more }));

describe('what is said', () => {
  test.each(['a kite over the sea', '一只红色的风筝在海面上飞', 'Why we fly: a film about birds'])(
    '%j is a wish',
    (text) => {
      expect(ask(text)).toEqual({ kind: 'video', text, images: [] });
    },
  );

  test.each(['', '  ', 'continue', 'Continue.', '继续', '谢谢！', 'ok', 'How long does it take?', '能再长一点吗？'])(
    '%j starts nothing',
    (text) => {
      expect(ask(text)).toMatchObject({ kind: 'unclear', answer: expect.stringContaining('Nothing was started') });
    },
  );

  test('by the assistant last starts nothing', () => {
    const messages = [
      { role: 'user', content: 'a kite' },
      { role: 'assistant', content: 'here it is' },
    ];
    expect(ask('', { messages })).toMatchObject({ kind: 'unclear' });
  });

  test.each([
    'Provide a concise, 5-word-or-less title for the conversation, using its same language.\n\nUser: a kite over the sea',
    'Summarize the conversation so far.',
    'Use the `set_memory` tool to save important information about the user.',
    '请为这段对话生成一个简短的标题',
  ])('for the chat app itself is answered without a job: %j', (text) => {
    expect(ask(text, { stream: false })).toMatchObject({ kind: 'housekeeping' });
  });

  test('with a picture brings it along', () => {
    const content = [
      { type: 'text', text: 'it moves' },
      { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    ];
    expect(ask(content)).toEqual({ kind: 'video', text: 'it moves', images: ['https://example.com/a.png'] });
  });
});

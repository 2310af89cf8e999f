import { type ChatRequest, saidLast, textOf } from './conversation.ts';

export type Intent =
  | { readonly kind: 'video'; readonly text: string; readonly images: readonly string[] }
  /** The chat app asks about the conversation, in the background: a title, a summary, what to remember. */
  | { readonly kind: 'housekeeping'; readonly answer: string }
  /** Nothing that describes a video: a paid job must not begin by accident. */
  | { readonly kind: 'unclear'; readonly answer: string };

/** How LibreChat (measured) and other chat apps begin their own requests. */
const housekeeping =
  /(concise,? .{0,20}title|title for (the|this) conversation|^\s*summari[sz]e|summary of (the|this) conversation|update (the )?memory|`set_memory` tool|generate .{0,20}(tags|follow-?ups?)|为.{0,12}(对话|聊天).{0,16}(标题|题目)|总结.{0,8}(对话|聊天))/i;

/** Words that go on with a conversation and describe nothing. */
const goesOn =
  /^(continue|go on|more|again|yes|no|ok(ay)?|sure|thanks?|thank you|hi|hello|hey|stop|cancel|继续|接着|再来|好的?|可以|谢谢|你好|是的?|不是?|停|取消)[\s.!。！,，~]*$/iu;

const question = /^[^\n]{0,200}[?？]\s*$/u;

const explanation =
  'Describe the video you want, for example: "A paper boat sails down a rain gutter at dawn --duration 8 --aspect 16:9". Nothing was started.\n请描述您想要的视频，例如：“清晨，一只纸船顺着雨水沟漂流 --时长 8 --比例 16:9”。没有开始任何生成。';

/** What a request is about. When in doubt, no money is spent. */
export function intentOf(request: ChatRequest): Intent {
  const said = saidLast(request);
  const all = request.messages.map(textOf).join('\n');
  if (
    housekeeping.test(said?.text.slice(0, 400) ?? '') ||
    (request.stream !== true && housekeeping.test(all.slice(0, 400)))
  ) {
    return { kind: 'housekeeping', answer: titleOf(request) };
  }
  if (said === null || said.text === '' || goesOn.test(said.text) || question.test(said.text)) {
    return { kind: 'unclear', answer: explanation };
  }
  return { kind: 'video', ...said };
}

/** Good as a title, and harmless as anything else. */
function titleOf({ messages }: ChatRequest): string {
  const words = textOf(messages.find(({ role }) => role === 'user') ?? { role: 'user' })
    .replaceAll(/\s+/g, ' ')
    .replace(/^.*?(user|human)\s*:\s*/i, '')
    .trim();
  return Array.from(words === '' || housekeeping.test(words) ? 'Video' : words)
    .slice(0, 40)
    .join('');
}

import type { ProblemCode, SaidWire } from '@video-proxy/contracts';
import type { BulkTrouble, FailureSaid, HoldSaid, KeySaid, SaidCode, WebhookSaid } from '@video-proxy/core';
import { filesInChinese } from './zh-files.ts';
import { problemsInChinese } from './zh-problems.ts';
import { providerInChinese } from './zh-provider.ts';
import { storageInChinese, storeInChinese } from './zh-storage.ts';
import { balance, named, type Text } from './zh-text.ts';

/** What is wrong with the key before it is sent: `packages/core/src/api-key.ts`, `packages/aimlapi/src/api-key.ts`. */
const keys = {
  key_not_set: '没有设置 AI_ML_API_KEY',
  key_quoted: 'AI_ML_API_KEY 带有引号：请去掉，其值会原样使用',
  key_bearer_prefix: 'AI_ML_API_KEY 以“Bearer ”开头：只填写密钥本身',
  key_placeholder: 'AI_ML_API_KEY 是占位文字而不是密钥：请在 https://aimlapi.com/app/keys 创建',
  key_surrounding_space: 'AI_ML_API_KEY 的开头或结尾有空格或换行：请去掉',
  key_inner_space: 'AI_ML_API_KEY 中间有空格或换行：请重新复制完整的密钥',
  key_invisible_character: 'AI_ML_API_KEY 含有不可见或非 ASCII 字符：请以纯文本重新复制',
  key_file_not_a_file: 'AI_ML_API_KEY_FILE 指定的不是文件',
  key_file_too_large: 'AI_ML_API_KEY_FILE 指定的文件过大，不像是密钥文件',
  key_file_empty: 'AI_ML_API_KEY_FILE 指定的文件是空的',
  key_file_unreadable: named('无法读取 AI_ML_API_KEY_FILE 指定的文件'),
  too_few_credits: ({ models, balance_usd }) =>
    `密钥有效，但账户余额不足以使用 ${models}${balance_usd == null ? '' : `（余额 ${balance(balance_usd)}）`}`,
} satisfies Record<KeySaid, Text>;

/** Why a receiver of webhooks was not reached: `packages/outbound/src/post-json.ts`. */
const webhooks = {
  webhook_answered: ({ status }) => {
    if (status === 410) return '对方返回了 410：以后不再调用';
    return `对方返回了 ${status}${Number(status) >= 300 && Number(status) < 400 ? '，而重定向不会被跟随' : ''}`;
  },
  webhook_timeout: '对方没有及时答复',
  webhook_outbound_refused: '不允许调用这个地址（参见 OUTBOUND_ALLOWED_HOSTS）',
  webhook_ENOTFOUND: '对方的域名不存在',
  webhook_EAI_AGAIN: '无法查询对方的域名',
  webhook_ECONNREFUSED: '对方拒绝连接',
  webhook_ECONNRESET: '对方没有答复就关闭了连接',
  webhook_UND_ERR_SOCKET: '对方没有答复就关闭了连接',
  webhook_UND_ERR_CONNECT_TIMEOUT: '未能及时连接对方',
  webhook_EHOSTUNREACH: '无法到达对方的主机',
  webhook_ENETUNREACH: '无法到达对方的网络',
  webhook_unreached: named('无法连接对方'),
} satisfies Record<WebhookSaid, Text>;

/** What became of one job of many: `apps/worker/src/upkeep/bulk.ts`. */
const bulk = {
  bulk_gone: '任务已不存在。',
  bulk_changed: '任务在预览之后有变化。',
  bulk_needs_consent: '可能已经计费：需要同意费用才能重试。',
  bulk_broken: '出现错误，请查看工作进程的日志。',
  bulk_stopped: '已由运维人员停止。',
} satisfies Record<`bulk_${BulkTrouble}`, Text>;

/** What failures and holds tell stands in core, because the watch page tells it, too. */
type Told = Exclude<SaidCode, FailureSaid | HoldSaid> | `problem_${ProblemCode}`;

export const findingsInChinese: Readonly<Record<Told, Text>> = {
  ...keys,
  ...providerInChinese,
  ...filesInChinese,
  ...storageInChinese,
  ...storeInChinese,
  ...webhooks,
  ...bulk,
  ...problemsInChinese,
};

/** In the words of the service where it was made from nothing that is known here. */
export function findingInChinese(said: SaidWire, text: string): string {
  return partInChinese(said) ?? text;
}

/** The same of a part of a sentence; null where nothing is known. */
export function partInChinese(said: SaidWire): string | null {
  const known = said === null ? undefined : (findingsInChinese as Readonly<Record<string, Text>>)[said.code];
  if (said === null || known === undefined) return null;
  if (typeof known === 'string') return known;
  const { part, ...facts } = said.facts;
  return known(facts, typeof part === 'string' ? partInChinese({ code: part, facts }) : null);
}

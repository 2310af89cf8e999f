import type { AnsweredSaid, AnswerSaid, CallSaid } from '@video-proxy/core';
import { balance, named, type Text, type TextFacts } from './zh-text.ts';

const timeout =
  (text: string) =>
  ({ within_ms, error }: TextFacts): string =>
    `${text}${within_ms == null ? '' : `（${within_ms} 毫秒内）`}${error == null ? '' : `（${error}）`}`;

/** What stands in place of the provider's words where no answer came: `packages/aimlapi/src/exchange.ts`, `network-trouble.ts`. */
const calls = {
  call_unresolved: named('DNS：无法解析供应商的域名'),
  call_refused: named('连接被拒绝'),
  call_unreachable: named('网络不可达'),
  call_unconnected: timeout('超时：未能建立连接'),
  call_unanswered: timeout('超时：没有收到完整的答复'),
  call_insecure: named('TLS：无法建立安全连接'),
  call_lost: named('连接中断'),
  call_not_http: named('答复不是有效的 HTTP'),
  call_closed_here: named('连接已由本服务关闭'),
  call_closed: '对方没有答复就关闭了连接',
  call_failed: named('连接失败'),
  call_given_up: '本服务已放弃等待',
  call_too_large: ({ bytes_max }) => `答复超过 ${bytes_max} 字节`,
  call_without_key: '没有可用的 API 密钥，请求没有发出',
} satisfies Record<CallSaid, Text>;

const cut = ({ cut: isCut }: TextFacts) => (Number(isCut) > 0 ? '，且不完整' : '');

/** The same where the answer has none of use: `packages/aimlapi/src/evidence.ts` and the files that read answers. */
const answers = {
  answer_empty: (facts) => `HTTP ${facts['status']}，正文为空${cut(facts)}`,
  answer_page: ({ status, title }) => `HTTP ${status}，答复是一个网页${title == null ? '' : `：“${title}”`}`,
  answer_unreadable: (facts) => `HTTP ${facts['status']}，正文 ${facts['bytes']} 字节，无法读取${cut(facts)}`,
  answer_wrong_address: '这个地址没有供应商的 API，请检查 AIMLAPI_BASE_URL',
  answer_without_error: ({ word }) => `状态为“${word}”，没有说明错误`,
  answer_balance: ({ balance_usd }) => `余额为 ${balance(balance_usd)}`,
  answer_log_without_id: '供应商的记录中有这个请求，但还没有生成编号',
  answer_log_without_request: ({ rows }) => `供应商记录的前 ${rows} 行中没有这个请求`,
} satisfies Record<AnswerSaid, Text>;

/** In the words of the provider, or in ours where it had none of use. */
function answered({ status, message }: TextFacts, part: string | null): string {
  const words = [status, message == null ? null : `“${message}”`].filter((one) => one != null).join(' ');
  return part ?? words;
}

/** What workers answer to operators: `apps/api/src/operators/present-answers.ts`. */
const questions = {
  probe_ok: ({ balance_usd }) =>
    balance_usd == null ? '供应商接受这个账户。' : `供应商接受这个账户，余额 ${balance(balance_usd)}。`,
  probe_refused: (facts, part) => `供应商拒绝了这个账户：${answered(facts, part)}`,
  probe_unavailable: (facts, part) => {
    if (facts['status'] != null) return `供应商有答复，但与账户无关：${answered(facts, part)}`;
    const words = answered(facts, part);
    return words === '' ? '供应商没有及时答复。' : `供应商没有答复：${words}`;
  },
  reloaded: ({ workers, read, fixed, simulated, silent }) =>
    [
      Number(read) > 0 ? `${workers} 个工作进程中的 ${read} 个已重新读取。` : '',
      Number(fixed) > 0 ? '运行中的进程无法重新读取 AI_ML_API_KEY 中的密钥：更换后请重启。' : '',
      Number(simulated) > 0 ? '沙盒使用自己的密钥。' : '',
      Number(silent) > 0 ? `${silent} 个没有及时回应。` : '',
    ].join(''),
} satisfies Record<AnsweredSaid, Text>;

export const providerInChinese = { ...calls, ...answers, ...questions };

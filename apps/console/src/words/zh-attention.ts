import type { AttentionItem } from '@video-proxy/contracts';
import type { AttentionCode, RemedyCode } from '@video-proxy/core';
import { findingInChinese, partInChinese } from './zh-findings.ts';
import { storeInChinese } from './zh-storage.ts';

interface AttentionText {
  readonly title: string;
  /** Left out where the detail is in the words of the provider or of an operator. */
  readonly detail?: (item: AttentionItem) => string;
  readonly action?: string;
}

/** With what is known to be wrong with the key, or what the provider said about it. */
const account =
  (text: string) =>
  ({ said, provider }: AttentionItem): string => {
    const known = partInChinese(said) ?? partInChinese(provider?.said ?? null);
    const words = provider?.message == null ? null : `“${provider.message}”`;
    const quoted = [provider?.status_code, words].filter((part) => part != null).join(' ');
    const why = known ?? quoted;
    return why === '' ? `${text}。` : `${text}：${why}`;
  };

const refused = { title: '拒绝接受新任务', action: '参见运维手册中的“When new jobs are refused”' };

const texts: Readonly<Record<AttentionCode, AttentionText>> = {
  account_missing: {
    title: '没有供应商的 API 密钥',
    detail: account('无法在供应商处生成视频'),
    action:
      '在 https://aimlapi.com/app/keys 创建密钥，设置 AI_ML_API_KEY（或 AI_ML_API_KEY_FILE）后重启；只想试用请设置 PROVIDER=sandbox',
  },
  account_malformed: {
    title: 'API 密钥格式错误',
    detail: account('AI_ML_API_KEY 格式错误'),
    action: '改正 AI_ML_API_KEY_FILE 指定的文件，或改正该变量后重启；然后再运行 doctor',
  },
  account_rejected: {
    title: '供应商拒绝了 API 密钥',
    detail: account('供应商拒绝了密钥'),
    action:
      '与 https://aimlapi.com/app/keys 上的密钥核对，或创建新密钥；写入 AI_ML_API_KEY_FILE 指定的文件，或设置 AI_ML_API_KEY 后重启',
  },
  account_out_of_credits: {
    title: '账户余额不足',
    detail: account('账户余额不足'),
    action: '在 https://aimlapi.com/app/billing 充值；等待的任务会自动继续',
  },
  account_unverified: {
    title: '账户需要先完成验证',
    detail: account('账户未验证'),
    action: '在 https://aimlapi.com/app/verification 完成验证',
  },
  no_worker: {
    title: '没有工作进程在运行',
    detail: () => '任务会被接受，但一直等待。',
    action: '用 npm run worker 启动一个，或用 npm start 全部启动',
  },
  storage: {
    title: '无法保存文件',
    detail: ({ said, detail }) => `本服务无法保存视频：${findingInChinese(said, detail)}`,
    action: '检查 DATA_DIR 或 STORAGE_URL 的权限和剩余空间',
  },
  provider_limits: {
    title: '供应商正在限制请求频率',
    detail: ({ facts }) => `${facts['waiting_jobs']} 个任务在等待，会自动继续。`,
  },
  provider_unreachable: {
    title: '无法连接供应商',
    detail: ({ facts }) => `${facts['waiting_jobs']} 个任务在等待，恢复后自动继续。`,
  },
  models_held: {
    title: '余额不足以使用某些模型',
    detail: ({ said, detail }) => `${findingInChinese(said, detail)}。`,
    action: '在供应商处充值；等待的任务会自动继续',
  },
  keys_differ: {
    title: '各工作进程使用的密钥不同',
    detail: ({ facts }) => `正在使用的密钥指纹：${facts['fingerprints']}`,
    action: '需要重启：变更后的变量在下次启动时才会读取',
  },
  poll_lag: {
    title: '查询延迟',
    detail: ({ facts }) => `最早到期的查询已延迟 ${facts['lag_seconds']} 秒。`,
    action: '启动更多工作进程，或调高 POLL_CONCURRENCY',
  },
  failure_spike: {
    title: '大量任务失败',
    detail: ({ facts: { minutes, failed, completed } }) =>
      `最近 ${minutes} 分钟内到达并已结束的任务中，${failed} 个失败，${completed} 个完成。`,
    action: '查看失败分组：最大的一组会指出原因',
  },
  submissions_unknown: {
    title: '供应商的答复丢失',
    detail: ({ facts }) => `${facts['count']} 个请求可能已到达供应商，也可能没有；正在供应商的记录中查找。`,
  },
  unrecorded_generations: {
    title: '有的生成没有对应的任务',
    detail: ({ facts }) => `Redis 无法写入，${facts['count']} 次已被接受的生成没有记录到任何任务中。`,
    action: '在工作进程日志的 fatal 行中查找编号；它们在供应商处运行并计费',
  },
  paused: { title: '运维人员暂停了提交', action: '原因消除后请恢复：任务等待不超过 HOLD_MAX_SECONDS' },
  store_not_writable: { ...refused, detail: ({ facts }) => storeInChinese.store_not_writable(facts) },
  store_evicting: { ...refused, detail: () => storeInChinese.store_evicting() },
  store_memory: { ...refused, detail: ({ facts }) => storeInChinese.store_memory(facts) },
  store_queue_full: { ...refused, detail: ({ facts }) => storeInChinese.store_queue_full(facts) },
  redis_not_persistent: {
    title: 'Redis 中的任务不安全',
    detail: () => 'Redis 没有持久化（appendonly no）：崩溃会丢失已接受的任务。',
    action: '执行 redis-cli CONFIG SET appendonly yes，并写入其配置',
  },
  redis_evicting: {
    title: 'Redis 中的任务不安全',
    detail: ({ facts }) =>
      `Redis 会淘汰键（maxmemory-policy ${facts['maxmemory_policy']}）：内存用完时会悄悄丢失任务。`,
    action: '执行 redis-cli CONFIG SET maxmemory-policy noeviction，并写入其配置',
  },
  redis_unknown: {
    title: '不清楚 Redis 会如何保存任务',
    detail: () => 'Redis 有答复，但没有给出持久化和淘汰策略。',
    action: '请在其主机上确认设置了 appendonly yes 和 maxmemory-policy noeviction',
  },
  redis_memory: {
    title: 'Redis 内存将满',
    detail: ({ facts }) => `Redis 已使用 maxmemory 的 ${facts['percent']}%。`,
    action: '调高 maxmemory，或调低 RETENTION_DAYS',
  },
};

export function attentionInChinese(item: AttentionItem): Pick<AttentionItem, 'title' | 'detail' | 'action'> {
  const known = (texts as Readonly<Record<string, AttentionText>>)[item.code];
  if (known === undefined) return item;
  return {
    title: known.title,
    detail: known.detail?.(item) ?? item.detail,
    action: item.action === null ? null : (known.action ?? item.action),
  };
}

export const remediesInChinese: Readonly<Record<RemedyCode, string>> = {
  create_key: '在供应商处创建新的 API 密钥。',
  compare_key:
    '核对指纹与您认为已设置的密钥是否一致：printf %s "$KEY" | sha256sum | cut -c1-8。不一致则说明变量是旧的，或在别处设置。',
  correct_key: '改正密钥的格式。',
  write_key_file: '把密钥写入 AI_ML_API_KEY_FILE 指定的文件，然后重新读取。',
  set_key: '设置 AI_ML_API_KEY，并重启 API 和工作进程：运行中的进程看不到变更。',
  restart_all: '各工作进程使用的密钥不同：请重启仍用旧密钥的进程。变更后的变量在下次启动时才会读取。',
  probe: '立即询问供应商，不产生费用。账户被接受后，先试一个等待的任务，其余随后自动继续。',
  ask_support: '如果密钥在别处可用却仍被拒绝：请把请求编号、路径和时间提供给供应商客服。',
  top_up: '给账户充值，无需重启。',
  verify: '完成账户验证，无需重启。',
};

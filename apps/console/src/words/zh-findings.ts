import type { SaidWire } from '@video-proxy/contracts';

type Said = NonNullable<SaidWire>;
type Facts = Said['facts'];
type Text = string | ((facts: Facts) => string);

const usd = (value: Facts[string] | undefined) => (typeof value === 'number' ? `${value.toFixed(2)} 美元` : null);
const quoted = ({ status, message }: Facts) => [status, message].filter((part) => part != null).join(' ');

/** What is wrong with the key before it is sent: `packages/core/src/api-key.ts`, `packages/aimlapi/src/api-key.ts`. */
const keys: Readonly<Record<string, Text>> = {
  key_not_set: '没有设置 AI_ML_API_KEY',
  key_quoted: 'AI_ML_API_KEY 带有引号：请去掉，其值会原样使用',
  key_bearer_prefix: 'AI_ML_API_KEY 以 “Bearer ” 开头：只填写密钥本身',
  key_placeholder: 'AI_ML_API_KEY 是占位文字而不是密钥：请在 https://aimlapi.com/app/keys 创建',
  key_surrounding_space: 'AI_ML_API_KEY 的开头或结尾有空格或换行：请去掉',
  key_inner_space: 'AI_ML_API_KEY 中间有空格或换行：请重新复制完整的密钥',
  key_invisible_character: 'AI_ML_API_KEY 含有不可见或非 ASCII 字符：请以纯文本重新复制',
  key_file_not_a_file: 'AI_ML_API_KEY_FILE 指定的不是文件',
  key_file_too_large: 'AI_ML_API_KEY_FILE 指定的文件过大，不像是密钥文件',
  key_file_empty: 'AI_ML_API_KEY_FILE 指定的文件是空的',
  key_file_unreadable: ({ error }) => `无法读取 AI_ML_API_KEY_FILE 指定的文件（${error}）`,
  too_few_credits: ({ models, balance_usd }) =>
    `密钥有效，但账户余额不足以使用 ${models}${usd(balance_usd) === null ? '' : `（余额 ${usd(balance_usd)}）`}`,
};

/** What workers answer to operators: `apps/api/src/operators/present-answers.ts`. */
const answers: Readonly<Record<string, Text>> = {
  probe_ok: ({ balance_usd }) =>
    usd(balance_usd) === null ? '供应商接受这个账户。' : `供应商接受这个账户，余额 ${usd(balance_usd)}。`,
  probe_refused: (facts) => `供应商拒绝了这个账户：${quoted(facts)}`,
  probe_unavailable: (facts) =>
    facts['status'] === null
      ? `供应商没有答复${facts['message'] === null ? '' : `：${facts['message']}`}`
      : `供应商有答复，但与账户无关：${quoted(facts)}`,
  reloaded: ({ workers, read, fixed, simulated, silent }) =>
    [
      Number(read) > 0 ? `${workers} 个工作进程中的 ${read} 个已重新读取。` : '',
      Number(fixed) > 0 ? '运行中的进程无法重新读取 AI_ML_API_KEY 中的密钥：更换后请重启。' : '',
      Number(simulated) > 0 ? '沙盒使用自己的密钥。' : '',
      Number(silent) > 0 ? `${silent} 个没有及时回应。` : '',
    ].join(''),
};

const named =
  (text: string): Text =>
  ({ error }) =>
    `${text}（${error}）`;

/** Why files cannot be kept: `packages/artifacts/src/{disk,s3}-trouble.ts`. */
const storage: Readonly<Record<string, Text>> = {
  storage_ENOSPC: named('磁盘已满'),
  storage_EDQUOT: named('磁盘配额已用完'),
  storage_EROFS: named('磁盘是只读的'),
  storage_EACCES: named('文件夹不可写'),
  storage_EPERM: named('文件夹不可写'),
  storage_ENOTDIR: named('应为文件夹的位置是一个文件'),
  storage_EIO: named('磁盘报告错误'),
  storage_EMFILE: named('打开的文件过多'),
  storage_ENFILE: named('打开的文件过多'),
  storage_no_room: ({ megabytes }) => `磁盘剩余空间不足 ${megabytes} MB`,
  storage_NoSuchBucket: named('没有这个存储桶；请创建，或改正 STORAGE_URL'),
  storage_AccessDenied: named('密钥没有读、写、删的权限；请检查存储桶的策略'),
  storage_InvalidAccessKeyId: named('存储服务不认识这个访问密钥；请检查 AWS_ACCESS_KEY_ID 和 S3_ENDPOINT'),
  storage_SignatureDoesNotMatch: named('密钥与访问密钥编号不匹配；请检查 AWS_SECRET_ACCESS_KEY'),
  storage_ExpiredToken: named('会话令牌已过期；请检查 AWS_SESSION_TOKEN'),
  storage_PermanentRedirect: named('存储桶在另一个区域；请设置 AWS_REGION'),
  storage_AuthorizationHeaderMalformed: named('存储桶在另一个区域；请设置 AWS_REGION'),
  storage_RequestTimeTooSkewed: named('本机的时钟不准'),
  storage_QuotaExceeded: named('存储桶的配额已用完'),
  storage_SlowDown: named('存储服务要求放慢速度'),
  storage_CredentialsProviderError: named('没有密钥；请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY'),
  storage_ENOTFOUND: named('无法解析存储服务的域名；请检查 S3_ENDPOINT'),
  storage_EAI_AGAIN: named('暂时无法解析存储服务的域名'),
  storage_ECONNREFUSED: named('存储服务拒绝连接；请检查 S3_ENDPOINT'),
  storage_TimeoutError: named('存储服务没有及时答复'),
  storage_cut: ({ kept, size }) => `存储服务只保存了 ${size} 字节中的 ${kept} 字节`,
  storage_differs: '读回的内容与写入的不一致',
  storage_silent: '存储没有答复',
  storage_error: ({ error }) => (error === null ? '存储出错' : `存储服务出错（${error}）`),
};

/** Why the job store takes no new jobs: `packages/core/src/admission.ts`. */
export const storeInChinese = {
  store_not_writable: ({ word }: Facts) => `Redis 不接受写入（${word}）：恢复之前拒绝新任务`,
  store_evicting: () => 'Redis 正在淘汰键，可能包括任务：拒绝新任务；请设置 maxmemory-policy noeviction',
  store_memory: ({ percent }: Facts) => `Redis 已使用 maxmemory 的 ${percent}%：在任务结束或上限调高之前拒绝新任务`,
  store_queue_full: ({ waiting_jobs, waiting_jobs_max }: Facts) =>
    `${waiting_jobs} 个任务在等待提交（QUEUE_DEPTH_MAX 为 ${waiting_jobs_max}）：拒绝新任务`,
} as const;

/** Why a receiver of webhooks was not reached: `packages/outbound/src/post-json.ts`. */
const webhooks: Readonly<Record<string, Text>> = {
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
  webhook_unreached: '无法连接对方',
};

/** What became of one job of many: `apps/worker/src/upkeep/bulk.ts`. */
const bulk: Readonly<Record<string, Text>> = {
  bulk_gone: '任务已不存在。',
  bulk_changed: '任务在预览之后有变化。',
  bulk_needs_consent: '可能已经计费：需要同意费用才能重试。',
  bulk_broken: '出现错误，请看工作进程的日志。',
  bulk_stopped: '已由运维人员停止。',
};

/** Why the API refuses: the codes of `apps/api/src/problem.ts`, of which operators meet these. */
const problems: Readonly<Record<string, Text>> = {
  problem_invalid_request: ({ param }) => `请求无效${param === null ? '' : `，请检查 ${param}`}。`,
  problem_missing_api_key: '需要运维密钥。',
  problem_invalid_api_key: '这不是本系统的运维密钥。',
  problem_read_only_key: '这个密钥只能查看，不能修改。',
  problem_too_many_wrong_keys: '来自您的地址的错误密钥过多，请稍后再试。',
  problem_not_found: ({ param }) =>
    param === 'preview_id' ? '这个预览已超过十五分钟，或已经执行过：请重新预览。' : '没有找到，可能已被删除。',
  problem_already_ended: '已经结束，无法再执行。',
  problem_not_retryable: '这个任务现在不能重试。',
  problem_nothing_to_recheck: '没有可以复查的内容：供应商从未接受过它。',
  problem_cost_confirmation_required: '可能已经计费：重试需要同意费用。',
  problem_still_running: '任务仍在进行，不能删除；请先取消。',
  problem_service_unavailable: '服务暂时不可用，请稍后再试。',
  problem_no_worker: '没有工作进程在运行，无法询问供应商。请启动一个：npm run worker',
  problem_worker_silent: '没有工作进程及时回应，请稍后再试。',
  problem_queue_full: '等待的任务过多，暂不接受，请稍后再试。',
  problem_internal_error: '出现错误，请在服务日志中查找这个请求编号。',
};

const findings: Readonly<Record<string, Text>> = {
  ...keys,
  ...answers,
  ...storage,
  ...storeInChinese,
  ...webhooks,
  ...bulk,
  ...problems,
};

/** In the words of the service where it was made from nothing that is known here. */
export function findingInChinese(said: SaidWire, text: string): string {
  const known = said === null ? undefined : findings[said.code];
  if (said === null || known === undefined) return text;
  return typeof known === 'string' ? known : known(said.facts);
}

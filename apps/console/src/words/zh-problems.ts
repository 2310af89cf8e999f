import type { ProblemCode } from '@video-proxy/contracts';
import type { Text } from './zh-text.ts';

/** Why the API refuses, by the code of the error envelope. */
export const problemsInChinese = {
  problem_invalid_request: ({ param }) => `请求无效${param == null ? '' : `，请检查 ${param}`}。`,
  problem_model_not_found: '没有这个模型。',
  problem_missing_api_key: '需要运维密钥。',
  problem_invalid_api_key: '这不是本系统的运维密钥。',
  problem_read_only_key: '这个密钥只能查看，不能修改。',
  problem_too_many_wrong_keys: '来自您的地址的错误密钥过多，请稍后再试。',
  problem_not_found: ({ param }) =>
    param === 'preview_id' ? '这个预览已超过十五分钟，或已经执行过：请重新预览。' : '没有找到，可能已被删除。',
  problem_method_not_allowed: '这个地址不接受该请求方法。',
  problem_video_not_ready: '视频尚未完成。',
  problem_idempotency_conflict: '同一个幂等键已用于另一个请求。',
  problem_already_ended: '已经结束，无法再执行。',
  problem_not_retryable: '这个任务现在不能重试。',
  problem_nothing_to_recheck: '没有可以复查的内容：供应商从未接受过它。',
  problem_cost_confirmation_required: '可能已经计费：重试需要同意费用。',
  problem_still_running: '任务仍在进行，不能删除；请先取消。',
  problem_request_too_large: '请求过大。',
  problem_unsupported_media_type: '请求的内容类型不受支持。',
  problem_range_not_satisfiable: '文件没有请求的那一部分。',
  problem_not_supported: '本服务不支持这个功能。',
  problem_service_unavailable: '服务暂时不可用，请稍后再试。',
  problem_no_worker: '没有工作进程在运行，无法询问供应商。请启动一个：npm run worker',
  problem_worker_silent: '没有工作进程及时回应，请稍后再试。',
  problem_queue_full: '等待的任务过多，暂不接受，请稍后再试。',
  problem_create_interrupted: '创建请求被中断，请稍后再试。',
  problem_internal_error: '出现错误，请在服务日志中查找这个请求编号。',
} satisfies Record<`problem_${ProblemCode}`, Text>;

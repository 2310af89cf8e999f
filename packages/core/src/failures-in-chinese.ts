import type { Billed, Failure, FailureCode } from './failures.ts';
import type { Facts, Said } from './said.ts';
import type { FailureSaid, HoldSaid } from './said-codes.ts';
import type { Hold, HoldCode } from './video-job.ts';

/** What stands before the reason that the operators gave. */
export const pausedBecause =
  'The operators have paused submissions; the request waits and nothing was billed. Reason: ';

/** What `failureTable` says to the person, in Chinese: what happened, whether it cost money, what to do next. */
const failures: Readonly<Record<FailureCode, string>> = {
  invalid_request: '请求无效，未产生费用。请修改后重新提交。',
  model_not_found: '没有这个视频模型，未产生费用。请换一个模型。',
  provider_auth_failed: '视频供应商拒绝了本服务的 API 密钥。已通知运维人员，未产生费用。',
  provider_out_of_credits: '本服务在视频供应商处的余额不足以完成这个请求。已通知运维人员，未产生费用。',
  provider_account_unverified: '本服务在视频供应商处的账户需要先完成验证。已通知运维人员，未产生费用。',
  provider_forbidden: '视频供应商不允许本服务的账户执行这个请求，未产生费用。请换一个模型，或联系运维人员。',
  provider_rate_limited: '视频供应商正在限制请求频率，未产生费用。请过几分钟再试。',
  provider_unavailable: '无法连接视频供应商。请求没有发出，未产生费用。请稍后再试。',
  provider_error: '视频供应商没能生成这个视频。失败的生成不收费，可以重试。',
  content_rejected: '提示词或图片没有通过视频供应商的内容审核，未产生费用。请修改后再提交。',
  submission_unknown: '供应商的答复丢失了，无法确定视频是否已开始生成或计费。请不要直接重新提交，先请运维人员查询。',
  generation_timeout:
    '视频供应商没有按时完成。生成可能仍在继续，也可能计费。在提交后的一天内会继续查询，视频一旦送达，任务就会完成。',
  artifact_unavailable: '视频已生成并计费，但无法从供应商下载文件。任务里有生成编号，可提供给供应商的客服。',
  artifact_invalid: '供应商送来的文件不是可播放的视频，但已计费。运维人员可以查看收到的内容并向供应商投诉。',
  hold_expired: '提交暂停的时间过长，该请求已放弃。请求没有发出，未产生费用。请稍后再试。',
  cancelled: '该请求已取消。',
  budget_exceeded: '视频生成的预算已用完。请求没有发出，未产生费用。',
  internal_error: '本服务内部出现错误。请把请求编号告诉运维人员。',
};

const moneyAfterCancel: Readonly<Record<Billed, string>> = {
  no: '未产生费用。',
  yes: '供应商已生成视频并计费。',
  unknown: '请求此前已提交给供应商，可能会计费。',
};

const forgotten =
  '视频供应商已查不到这次生成，无法确定是否计费。在提交后的一天内会继续查询，视频一旦送达，任务就会完成。';

/** What a failure's message tells beyond its code. */
const moreAboutFailures: Readonly<Record<FailureSaid, (facts: Facts) => string>> = {
  failure_input_deleted: ({ param }) =>
    `参数“${param}”中的文件已被删除，请求没有发出，未产生费用。请重新上传文件，再提交新的请求。`,
  failure_too_large_for_provider: () => '请求超过了视频供应商接受的大小，未产生费用。请用链接代替内嵌的文件。',
  failure_generation_forgotten: () => forgotten,
  failure_complaint: ({ complaint }) =>
    `视频供应商拒绝了这个请求（原话：“${complaint}”），未产生费用。请修改后重新提交。`,
};

/** Of a job as the ledger or the wire has it, the latter with null for what is not there. */
interface ToldFailure extends Pick<Failure, 'code' | 'billed'> {
  readonly said?: Said | null;
}

export function failureInChinese({ code, billed, said }: ToldFailure): string {
  const more = toldFrom(moreAboutFailures, said);
  if (more !== null) return more;
  if (code === 'cancelled') return failures.cancelled + moneyAfterCancel[billed];
  // One that an earlier version wrote; the usual text promises that it was not billed.
  return code === 'provider_error' && billed !== 'no' ? forgotten : failures[code];
}

const waits = '请求正在等待，会自动继续，未产生费用。';

/** Why a job waits although nothing is wrong with it: by its code, so each says what all reasons with that code have in common. */
const holds: Readonly<Partial<Record<HoldCode, string>>> = {
  provider_auth_failed: `本服务用于视频供应商的 API 密钥目前不可用。已通知运维人员。${waits}`,
  provider_out_of_credits: `本服务在视频供应商处的余额不足以完成这个请求。已通知运维人员。${waits}`,
  provider_account_unverified: `本服务在视频供应商处的账户需要先完成验证。已通知运维人员。${waits}`,
  provider_rate_limited: `视频供应商正在限制请求频率。${waits}`,
  provider_unavailable: `无法连接视频供应商。${waits}`,
  internal_error: `本服务暂时无法发出这个请求。${waits}`,
};

const moreAboutHolds: Readonly<Record<HoldSaid, (facts: Facts) => string>> = {
  hold_record_unconfirmed: () => '任务存储未能及时确认该请求的记录已有副本。请求没有发出，未产生费用，会自动重试。',
  hold_files_unreadable: () => '暂时无法读取该请求的文件。请求没有发出，未产生费用，会自动重试。',
};

interface ToldHold extends Pick<Hold, 'code' | 'message'> {
  readonly said?: Said | null;
}

export function holdInChinese({ code, message, said }: ToldHold): string {
  const more = toldFrom(moreAboutHolds, said);
  if (more !== null) return more;
  if (code === 'paused')
    return `运维人员已暂停提交，请求正在等待，未产生费用。原因：${message.slice(pausedBecause.length)}`;
  return holds[code] ?? message;
}

/** Null for what was made from nothing, or by a version that knows more. */
function toldFrom(
  table: Readonly<Record<string, (facts: Facts) => string>>,
  said: Said | null | undefined,
): string | null {
  return said == null ? null : (table[said.code]?.(said.facts) ?? null);
}

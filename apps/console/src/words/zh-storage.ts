import type { StorageSaid, StoreSaid } from '@video-proxy/core';
import { named, type Text, type TextFacts } from './zh-text.ts';

/** Why files cannot be kept: `packages/artifacts/src/{disk,s3}-trouble.ts`. */
export const storageInChinese = {
  storage_ENOSPC: named('磁盘已满'),
  storage_EDQUOT: named('磁盘配额已用完'),
  storage_EROFS: named('磁盘是只读的'),
  storage_EACCES: named('当前用户没有那里的读写权限'),
  storage_EPERM: named('当前用户没有那里的读写权限'),
  storage_ENOTDIR: named('应为文件夹的位置是一个文件'),
  storage_EIO: named('磁盘报告错误'),
  storage_EMFILE: named('打开的文件过多'),
  storage_ENFILE: named('打开的文件过多'),
  storage_no_room: ({ megabytes }) => `磁盘剩余空间不足 ${megabytes} MB`,
  storage_NoSuchBucket: named('没有这个存储桶；请创建，或改正 STORAGE_URL'),
  storage_AccessDenied: named('访问密钥没有读取、写入和删除的权限；请检查存储桶的策略'),
  storage_InvalidAccessKeyId: named('存储服务不认识这个访问密钥；请检查 AWS_ACCESS_KEY_ID 和 S3_ENDPOINT'),
  storage_SignatureDoesNotMatch: named('私密密钥与访问密钥不匹配；请检查 AWS_SECRET_ACCESS_KEY'),
  storage_ExpiredToken: named('会话令牌已过期；请检查 AWS_SESSION_TOKEN'),
  storage_PermanentRedirect: named('存储桶在另一个区域；请设置 AWS_REGION'),
  storage_AuthorizationHeaderMalformed: named('存储桶在另一个区域；请设置 AWS_REGION'),
  storage_RequestTimeTooSkewed: named('本机的时钟不准'),
  storage_QuotaExceeded: named('存储桶的配额已用完'),
  storage_SlowDown: named('存储服务要求降低请求频率'),
  storage_CredentialsProviderError: named('没有访问密钥；请设置 AWS_ACCESS_KEY_ID 和 AWS_SECRET_ACCESS_KEY'),
  storage_ENOTFOUND: named('无法解析存储服务的域名；请检查 S3_ENDPOINT'),
  storage_EAI_AGAIN: named('暂时无法解析存储服务的域名'),
  storage_ECONNREFUSED: named('存储服务拒绝连接；请检查 S3_ENDPOINT'),
  storage_TimeoutError: named('存储服务没有及时答复'),
  storage_cut: ({ kept, size }) => `存储服务只保存了 ${size} 字节中的 ${kept} 字节`,
  storage_differs: '读回的内容与写入的不一致',
  storage_silent: '存储没有答复',
  storage_error: named('存储出错'),
} satisfies Record<StorageSaid, Text>;

/** Why the job store takes no new jobs: `packages/core/src/admission.ts`. */
export const storeInChinese = {
  store_not_writable: ({ word }: TextFacts) => `Redis 不接受写入（${word}）：恢复之前拒绝新任务`,
  store_evicting: () => 'Redis 正在淘汰键，可能包括任务：拒绝新任务；请设置 maxmemory-policy noeviction',
  store_memory: ({ percent }: TextFacts) => `Redis 已使用 maxmemory 的 ${percent}%：在任务结束或上限调高之前拒绝新任务`,
  store_queue_full: ({ waiting_jobs, waiting_jobs_max }: TextFacts) =>
    `${waiting_jobs} 个任务在等待提交（QUEUE_DEPTH_MAX 为 ${waiting_jobs_max}）：拒绝新任务`,
} satisfies Record<StoreSaid, Text>;

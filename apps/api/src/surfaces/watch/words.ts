import type { ProblemCode, VideoJobWire } from '@video-proxy/contracts';
import { failureInChinese, holdInChinese } from '@video-proxy/core';
import type { Problem } from '../../problem.ts';
import type { Language } from './language.ts';

type Phase = VideoJobWire['phase'];

/** Everything the page says. */
export interface Words {
  readonly headings: Readonly<Record<VideoJobWire['status'] | 'cancelled', string>>;
  readonly phases: Readonly<Partial<Record<Phase, string>>>;
  readonly progress: string;
  readonly place: (position: number) => string;
  readonly left: (seconds: number) => string;
  readonly since: string;
  readonly follows: string;
  readonly download: string;
  readonly open: string;
  readonly late: string;
  readonly simulated: string;
  readonly kept: (date: string, days: number) => string;
  readonly requestId: string;
  readonly failure: (error: NonNullable<VideoJobWire['error']>) => string;
  readonly hold: (hold: NonNullable<VideoJobWire['hold']>) => string;
  readonly gone: string;
  readonly refusal: (why: Pick<Problem, 'code' | 'message'>) => string;
  readonly notice: string;
}

const plural = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`;

const english: Words = {
  headings: {
    queued: 'Your video is waiting its turn',
    in_progress: 'Your video is being made',
    completed: 'Your video is ready',
    failed: 'There is no video',
    cancelled: 'This video was cancelled',
  },
  phases: {
    submitting: 'It is being sent to the video provider.',
    submission_unknown: 'The answer of the video provider got lost; it is being looked for.',
    generating: 'The video provider is at work.',
    storing: 'The video is finished and is being saved.',
    cancelling: 'It is being cancelled.',
  },
  progress: 'Progress',
  place: (position) => `Place ${position} in the queue.`,
  left: (seconds) =>
    `About ${seconds < 90 ? plural(seconds, 'second') : plural(Math.round(seconds / 60), 'minute')} left.`,
  since: 'Time passed',
  follows: 'This page follows by itself; you can also close it and come back.',
  download: 'Download',
  open: 'Open the video',
  late: 'It took so long that it had been given up; then it came after all.',
  simulated: 'simulated, not a real generation',
  kept: (date, days) => `Kept until ${date} (${plural(days, 'day')}).`,
  requestId: 'Request id',
  failure: ({ message }) => message,
  hold: ({ message }) => message,
  gone: 'This link leads to no video. It may have been deleted.',
  refusal: ({ message }) => message,
  notice: 'Video',
};

const gone = '此链接没有对应的视频，可能已被删除。';

const refusals: Readonly<Partial<Record<ProblemCode, string>>> = {
  not_found: gone,
  video_not_ready: '视频尚未完成。',
  range_not_satisfiable: '文件没有请求的那一部分。',
  method_not_allowed: '这个地址只能查看。',
  service_unavailable: '服务暂时不可用，请稍后再试。',
};

const chinese: Words = {
  headings: {
    queued: '您的视频正在排队',
    in_progress: '您的视频正在生成',
    completed: '您的视频已完成',
    failed: '没有生成视频',
    cancelled: '该视频已取消',
  },
  phases: {
    submitting: '正在提交给视频供应商。',
    submission_unknown: '供应商的答复丢失了，正在查找。',
    generating: '视频供应商正在生成。',
    storing: '视频已生成，正在保存。',
    cancelling: '正在取消。',
  },
  progress: '进度',
  place: (position) => `排在第 ${position} 位。`,
  left: (seconds) => (seconds < 90 ? `大约还需 ${seconds} 秒。` : `大约还需 ${Math.round(seconds / 60)} 分钟。`),
  since: '已用时间',
  follows: '本页会自动更新；您也可以先关闭，稍后再回来。',
  download: '下载',
  open: '打开视频',
  late: '等待时间过长，曾一度放弃，后来视频还是完成了。',
  simulated: '模拟视频，并非真实生成',
  kept: (date, days) => `保留至 ${date}（还有 ${days} 天）。`,
  requestId: '请求编号',
  failure: failureInChinese,
  hold: holdInChinese,
  gone,
  refusal: ({ code }) => refusals[code] ?? '出现错误，请稍后再试。',
  notice: '视频',
};

export const wordsOf: Readonly<Record<Language, Words>> = { en: english, zh: chinese };

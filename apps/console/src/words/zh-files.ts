import type { DownloadSaid, FileKind, FileSaid } from '@video-proxy/core';
import { named, size, type Text } from './zh-text.ts';

const kinds: Readonly<Record<FileKind, string>> = {
  jpeg: 'JPEG 图片',
  png: 'PNG 图片',
  gif: 'GIF 图片',
  riff: 'RIFF 文件（AVI、WAV 或 WebP）',
  flv: 'FLV 文件',
  ogg: 'Ogg 文件',
  mp3: 'MP3 文件',
  gzip: 'gzip 压缩包',
  zip: 'ZIP 压缩包',
  pdf: 'PDF 文档',
  html: 'HTML 网页',
  xml: 'XML 文档',
  json: 'JSON 文档',
  hls: 'HLS 播放列表',
  text: '纯文本',
  unknown: '无法识别的数据',
};

/** Why a file is not a playable video: `packages/artifacts/src/inspect-video.ts` and what it asks. */
const files = {
  file_not_a_video: ({ kind, bytes }) =>
    `文件不是视频：${(kinds as Readonly<Record<string, string>>)[String(kind)] ?? kinds.unknown}（${size(bytes)}）`,
  file_empty: '文件是空的',
  file_too_large: ({ bytes_max }) => `文件超过 ${size(bytes_max)}，即视频大小的上限`,
  file_damaged: '视频文件已损坏',
  file_cut_off: ({ bytes, bytes_min }) => `视频文件不完整：应至少有 ${bytes_min} 字节，只有 ${bytes} 字节`,
  file_large_index: ({ bytes }) => `MP4 文件的索引过大（${size(bytes)}）`,
  file_without_index: 'MP4 文件缺少索引（“moov”），任何播放器都无法打开',
  file_without_pictures: 'MP4 文件中没有画面数据（“mdat”）',
  file_without_content: 'WebM 文件没有内容',
  file_lacks_a_part: '视频文件缺少索引中列出的部分内容',
  file_unusual: '视频的封装格式不受支持',
  file_without_track: '文件中没有视频轨',
  file_only_sound: '文件不是视频：音频文件',
  file_without_size: '视频没有画面尺寸',
  file_without_a_picture: '视频中没有任何画面',
  file_slow_to_read: '视频文件的结构异常，读取耗时过长',
  file_large_to_read: '视频文件的结构异常，读取占用内存过多',
} satisfies Record<FileSaid, Text>;

/** Why a file did not come: `packages/artifacts/src/transfer.ts`, `download.ts`. */
const downloads = {
  download_unresolved: named('无法解析文件服务器的域名'),
  download_unresolved_now: named('暂时无法解析文件服务器的域名'),
  download_refused: named('文件服务器拒绝连接'),
  download_unconnected: named('未能及时连接文件服务器'),
  download_unanswered: named('文件服务器没有答复'),
  download_stopped: named('文件服务器中途停止发送'),
  download_broken: named('与文件服务器的连接中断'),
  download_short: '文件服务器发送的内容少于它声明的大小',
  download_ended_early: (_facts, part) => `下载提前结束${part === null ? '' : `：${part}`}`,
  download_too_slow: ({ seconds }) => `下载未能在 ${seconds} 秒内完成`,
  download_status: ({ status }) => `文件服务器返回了状态码 ${status}`,
  download_dead_link: ({ status }) => `链接已失效：状态码 ${status}`,
  download_no_address: '链接不是网址',
  download_redirects: ({ times }) => `链接的重定向超过 ${times} 次`,
  download_forbidden_place: '链接指向本服务不会访问的地址',
  download_not_renewed: '链接已过期，也未能向供应商取得新的链接',
} satisfies Record<DownloadSaid, Text>;

export const filesInChinese = { ...files, ...downloads };

import type { VideoJobWire } from '@video-proxy/contracts';
import { escapeHtml } from './html.ts';

/** What chat apps read to show a preview of a link: before there is a video, its title; afterwards the video itself. */
export function previewTags(job: VideoJobWire, title: string): string {
  const { video, links } = job;
  const tags = [
    ['og:title', job.prompt ?? title],
    ['og:description', `${title} · ${job.model}`],
    ['og:url', links.watch],
    ['og:type', video === null ? 'website' : 'video.other'],
    ...(video === null ? [] : videoTags(video)),
  ];
  return tags.map(([name, value]) => `<meta property="${name}" content="${escapeHtml(value ?? '')}">\n`).join('');
}

function videoTags(video: NonNullable<VideoJobWire['video']>): [string, string][] {
  const [width, height] = [String(video.width), String(video.height)];
  return [
    ['og:video', video.url],
    ['og:video:type', video.content_type],
    ['og:video:width', width],
    ['og:video:height', height],
    ...(video.poster_url === null ? [] : [['og:image', video.poster_url] as [string, string]]),
    ['twitter:card', 'player'],
    ['twitter:player', video.watch_url],
    ['twitter:player:width', width],
    ['twitter:player:height', height],
  ];
}

import type { VideoJobWire } from '@video-proxy/contracts';
import { escapeHtml, renderPage } from './page.ts';

const refreshSeconds = 5;

/** What one job looks like to whoever was given its link. */
export function renderWatchPage(job: VideoJobWire, videoPath: string): string {
  const hasVideo = job.links.video !== null;
  const isOver = job.status === 'completed' || job.status === 'failed';
  const heading = headings[job.status];
  const body = [
    `<h1>${heading}</h1>`,
    hasVideo ? player(videoPath, job) : '',
    isOver ? '' : running(job),
    job.late ? '<p class="soft">It took so long that it had been given up; then it came after all.</p>' : '',
    job.error === null ? '' : `<p role="alert" class="bad">${escapeHtml(job.error.message)}</p>`,
    job.prompt === null ? '' : `<p>${escapeHtml(job.prompt)}</p>`,
    `<p class="soft">${escapeHtml(job.model)}${job.provider === 'sandbox' ? ' · simulated, not a real generation' : ''}<br>${job.id}</p>`,
  ].join('\n');
  return renderPage({ title: heading, body, refreshSeconds: isOver ? null : refreshSeconds });
}

const headings: Record<VideoJobWire['status'], string> = {
  queued: 'Your video is waiting its turn',
  in_progress: 'Your video is being made',
  completed: 'Your video is ready',
  failed: 'There is no video',
};

function player(path: string, { video }: VideoJobWire): string {
  const size = video === null ? '' : ` width="${video.width}" height="${video.height}"`;
  return `<video controls playsinline preload="metadata"${size} src="${path}">
<a href="${path}">Open the video</a></video>
<p><a href="${path}" download>Download</a></p>`;
}

function running({ progress, hold, eta_seconds: etaSeconds, queue_position: position }: VideoJobWire): string {
  const facts = [
    position === null ? null : `Place ${position} in the queue.`,
    etaSeconds === null ? null : `About ${humanTime(etaSeconds)} left.`,
    'This page follows by itself.',
  ].filter((fact) => fact !== null);
  return `<progress max="100" value="${progress}" aria-label="Progress">${progress} %</progress>
<p role="status">${facts.join(' ')}</p>
${hold === null ? '' : `<p role="alert">${escapeHtml(hold.message)}</p>`}`;
}

function humanTime(seconds: number): string {
  return seconds < 90 ? `${seconds} seconds` : `${Math.round(seconds / 60)} minutes`;
}

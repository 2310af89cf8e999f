import type { VideoJobWire } from '@video-proxy/contracts';
import { escapeHtml } from '../watch/html.ts';

/**
 * A page with nothing but the player, for a frame inside a chat. It tells the frame its size, as LibreChat expects it
 * (measured); the frame forbids everything but scripts, and keeps the page with the message, so its links must not expire.
 */
export function playerPage(job: VideoJobWire, { url, poster_url: poster, width, height }: ReadyVideo): string {
  const posterAttribute = poster === null ? '' : ` poster="${escapeHtml(poster)}"`;
  return `<!doctype html><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escapeHtml(job.prompt ?? 'Video')}</title>
<style>html,body{margin:0;background:#000}video{display:block;width:100%;max-height:540px;aspect-ratio:${width}/${height}}</style>
<video controls playsinline preload="metadata" src="${escapeHtml(url)}"${posterAttribute}></video>
<script>
const tell = () => parent.postMessage({ type: 'ui-size-change', payload: {
  width: document.documentElement.scrollWidth, height: document.querySelector('video').offsetHeight } }, '*');
addEventListener('load', tell); addEventListener('resize', tell);
</script>`;
}

type ReadyVideo = NonNullable<VideoJobWire['video']>;

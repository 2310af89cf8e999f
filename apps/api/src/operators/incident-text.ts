import type { Attention, Incident } from '@video-proxy/core';
import { pageOf } from './present.ts';

export interface Surroundings {
  /** Where absolute links start; null when that is not known. */
  readonly publicBaseUrl: string | null;
  readonly nowMs: number;
}

/** What operators read when something begins: the cause, what it stops, and what to do next. */
export function beginningText(item: Attention, { publicBaseUrl }: Surroundings): string {
  const requestId = item.evidence?.requestId ?? null;
  const waiting = item.facts['waiting_jobs'];
  const page = pageOf(item.code) ?? '/ops';
  const lines = [
    `:red_circle: *video-proxy: ${plain(item.title)}*`,
    plain(item.detail),
    ...(requestId === null ? [] : [`Request id of the provider: ${plain(requestId)}`]),
    ...(typeof waiting === 'number' && waiting > 0 ? [`Waiting jobs: ${waiting}`] : []),
    ...(item.action === null ? [] : [`What to do: ${plain(item.action)}`]),
    ...(publicBaseUrl === null ? [] : [`${publicBaseUrl}${page}`]),
  ];
  return lines.join('\n');
}

export function endText({ title, sinceMs }: Incident, { nowMs }: Surroundings): string {
  const minutes = Math.round((nowMs - sinceMs) / 60_000);
  const lasted = minutes < 1 ? 'less than a minute' : minutes === 1 ? 'a minute' : `${minutes} minutes`;
  return `:large_green_circle: *video-proxy: over* after ${lasted}: ${plain(title)}`;
}

/** Words of others must not call a whole channel or become links of their choice (Slack's own three escapes). */
function plain(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

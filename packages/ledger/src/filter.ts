import { type FailureCode, type VideoJobState, videoJobStates } from '@video-proxy/core';
import type { LedgerKeys } from './keys.ts';
import { firstUlidAt } from './video-job-id.ts';

/** All conditions hold together. */
export interface VideoJobFilter {
  /** `client/user` finds what belongs to that user, `client` everything of that client and its users. */
  readonly owner?: string;
  /** One of these owners; no job may belong to two of them. */
  readonly owners?: readonly string[];
  /** The same as an `owner` without a user. */
  readonly client?: string;
  readonly states?: readonly VideoJobState[];
  /** The failure code; `cancelled` finds cancelled jobs. */
  readonly code?: FailureCode;
  /** The id of a group of failed jobs. */
  readonly failureGroup?: string;
  readonly model?: string;
  /** Created at this time or later. */
  readonly fromMs?: number;
  /** Created before this time. */
  readonly toMs?: number;
}

/** Index sets by condition: a job is in one set of each group. Without conditions, the states together hold every job. */
export function groupsOf(keys: LedgerKeys, filter: VideoJobFilter): string[][] {
  const { owner, owners, client, states, code, failureGroup, model } = filter;
  const groups: string[][] = [];
  if (owner !== undefined) groups.push([keys.owner(owner)]);
  if (owners !== undefined) groups.push(owners.map(keys.owner));
  if (failureGroup !== undefined) groups.push([keys.failureGroup(failureGroup)]);
  if (client !== undefined) groups.push([keys.owner(client)]);
  if (model !== undefined) groups.push([keys.model(model)]);
  if (code !== undefined) groups.push([code === 'cancelled' ? keys.state('cancelled') : keys.code(code)]);
  if (states !== undefined) groups.push(states.map(keys.state));
  return groups.length === 0 ? [videoJobStates.map(keys.state)] : groups;
}

export function boundsOf(order: 'newest' | 'oldest', after: string | null, { fromMs, toMs }: VideoJobFilter) {
  const from = fromMs === undefined ? null : firstUlidAt(fromMs);
  const to = toMs === undefined ? null : firstUlidAt(toMs);
  const lowest = from === null ? '-' : `[${from}`;
  if (order === 'newest') return { start: newestBound(after, to), finish: lowest };
  const goesOn = after !== null && (from === null || after >= from);
  return { start: goesOn ? `(${after}` : lowest, finish: to === null ? '+' : `(${to}` };
}

/** The lower of the two upper bounds. */
function newestBound(after: string | null, to: string | null): string {
  const bounds = [after, to].filter((bound) => bound !== null).sort();
  return bounds[0] === undefined ? '+' : `(${bounds[0]}`;
}

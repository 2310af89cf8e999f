import { createHmac } from 'node:crypto';
import type { Operator } from './operator-gate.ts';
import { isSameSecret } from './same-secret.ts';

/**
 * A ticket opens the pages of the operators that a browser goes to by itself, and so without the key: it is a signed cookie that
 * lives for an hour, reaches these pages only, is sent with no request that another site makes, and is not readable by scripts.
 * Every API process can check it, because it is signed with the operator keys; when one of these changes, no ticket is valid any
 * more. What it opens changes nothing.
 */
export interface PageTickets {
  /** The value of `Set-Cookie`. */
  cookieFor(role: Operator['role'], options: { path: string; secure: boolean }): string;
  roleOf(cookieHeader: string | undefined): Operator['role'] | null;
}

const cookieName = 'video_proxy_ops';
const lifetimeSeconds = 3_600;

export interface TicketParts {
  readonly opsKey: string;
  readonly opsReadKey: string | null;
  readonly now: () => number;
}

export function pageTickets({ opsKey, opsReadKey, now }: TicketParts): PageTickets {
  const signed = (text: string) =>
    createHmac('sha256', JSON.stringify(['operators page', opsKey, opsReadKey]))
      .update(text)
      .digest('base64url');

  return {
    cookieFor(role, { path, secure }) {
      const text = `${role}.${Math.floor(now() / 1_000) + lifetimeSeconds}`;
      const attributes = `Path=${path}; Max-Age=${lifetimeSeconds}; HttpOnly; SameSite=Strict${secure ? '; Secure' : ''}`;
      return `${cookieName}=${text}.${signed(text)}; ${attributes}`;
    },

    roleOf(cookieHeader = '') {
      const value = new RegExp(`(?:^|; *)${cookieName}=([^;]*)`).exec(cookieHeader)?.[1] ?? '';
      const [, text, role, until, signature] =
        /^((operator|operator_read)\.(\d{1,12}))\.([\w-]{43})$/.exec(value) ?? [];
      if (text === undefined || until === undefined || signature === undefined) return null;
      if (!isSameSecret(signature, signed(text)) || Number(until) * 1_000 <= now()) return null;
      return role === 'operator' ? 'operator' : 'operator_read';
    },
  };
}

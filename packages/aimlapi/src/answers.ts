import type { Usage } from '@video-proxy/core';
import { z } from 'zod';
import type { ListedModel } from './catalog/video-model.ts';

/** 1 USD = 2,000,000 credits; every recorded pair agrees (recorded). */
const creditsPerUsd = 2_000_000;
/** Recorded ids have up to about 70 characters; longer ones are kept too, because a lost id is a lost video. */
const generationIdLengthMax = 256;

/**
 * A generation id as opaque text. Digits may come as a number, but not one that JSON has already rounded: polling a wrong
 * id would be worse than having none.
 */
const generationId = z
  .union([z.string(), z.int().positive().transform(String)])
  .refine((id) => id.length > 0 && id.length <= generationIdLengthMax && /^[\p{L}\p{N}\p{P}\p{S}]+$/u.test(id));

const amount = z.number().nonnegative().optional().catch(undefined);
const usage = z.object({ usd_spent: amount, credits_used: amount }).optional().catch(undefined);

/** Every field is optional and a wrong one counts as absent: what is readable is never lost to what is not. */
const createBody = z.object({
  id: generationId.optional().catch(undefined),
  generation_id: generationId.optional().catch(undefined),
  meta: z.object({ usage }).optional().catch(undefined),
});

/** The id under either of its recorded names, else the documented `x-inference-id` header, which equals it. */
export function generationIdOf(json: unknown, inferenceIdHeader: string | null): string | null {
  const body = createBody.safeParse(json).data;
  return body?.id ?? body?.generation_id ?? generationId.safeParse(inferenceIdHeader).data ?? null;
}

/** The price held or spent; null when the answer states none (polls often do not, `tokens_used` of 2025 is no price). */
export function usageOf(json: unknown): Usage | null {
  const stated = createBody.safeParse(json).data?.meta?.usage;
  if (stated?.usd_spent !== undefined) return { heldUsd: stated.usd_spent };
  return stated?.credits_used === undefined ? null : { heldUsd: stated.credits_used / creditsPerUsd };
}

const link = z.union([z.string(), z.object({ url: z.string() }).transform(({ url }) => url)]);

const pollBody = z.object({ status: z.string(), video: z.unknown().optional(), error: z.unknown().optional() });

/** One poll: its status word in lower case, the links it gives, and whether it names an error. Null: not such an answer. */
export function readGeneration(json: unknown): { status: string; links: readonly string[]; hasError: boolean } | null {
  const body = pollBody.safeParse(json).data;
  if (body === undefined) return null;
  const hasError = body.error !== undefined && body.error !== null && body.error !== '';
  return {
    status: body.status.trim().toLowerCase(),
    links: body.video === undefined ? [] : linksOf(body.video),
    hasError,
  };
}

function linksOf(video: unknown): string[] {
  const links = [video].flat().map((one) => link.safeParse(one).data);
  return links.filter((text) => text !== undefined);
}

/** The first link that can be fetched: absolute http(s), or a path on the provider's own host. */
export function usableLink(links: readonly string[], baseUrl: string): string | null {
  for (const text of links) {
    if (/^\s*(https?:\/)?\//i.test(text) && URL.canParse(text, baseUrl)) return new URL(text, baseUrl).href;
  }
  return null;
}

const balance = z.union([
  z.number(),
  z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number),
]);

/** US dollars, of `GET /v2/billing` (`current_balance`) or of the legacy balance in credits (`balance`). */
export function balanceUsdOf(json: unknown): number | null {
  const dollars = z.object({ current_balance: balance }).safeParse(json).data;
  if (dollars !== undefined) return dollars.current_balance;
  const credits = z.object({ balance }).safeParse(json).data;
  return credits === undefined ? null : credits.balance / creditsPerUsd;
}

const logRow = z.object({
  client_request_id: z.string(),
  request_id: z.string().optional().catch(undefined),
  inference_id: generationId.optional().catch(undefined),
  status: z.unknown().optional(),
});
const createdMs = z
  .object({
    created: z.union([
      z.string().transform(Date.parse),
      z.number().transform((time) => (time < 1e11 ? time * 1_000 : time)),
    ]),
  })
  .transform(({ created }) => created);
const logPage = z.object({
  data: z.array(z.unknown()),
  pagination: z
    .object({ has_more: z.boolean().catch(false) })
    .optional()
    .catch(undefined),
});

export interface LogRow {
  readonly clientRequestId: string;
  /** The provider's own number of that request. */
  readonly requestId: string | null;
  readonly generationId: string | null;
  readonly hasFailed: boolean;
}

export interface LogPage {
  readonly rows: readonly LogRow[];
  readonly hasMore: boolean;
  /** When the oldest request of the page was made; null when the page is not in order of time, newest first. */
  readonly backToMs: number | null;
}

/** A page of `GET /v2/logs`; rows without a client request id are not ours. Null: not such a page. */
export function readLogPage(json: unknown): LogPage | null {
  const page = logPage.safeParse(json).data;
  if (page === undefined) return null;
  const rows = page.data.flatMap((raw) => {
    const row = logRow.safeParse(raw).data;
    if (row === undefined) return [];
    return [
      {
        clientRequestId: row.client_request_id,
        requestId: row.request_id ?? null,
        generationId: row.inference_id ?? null,
        hasFailed: row.status === 'failed',
      },
    ];
  });
  return { rows, hasMore: page.pagination?.has_more ?? false, backToMs: backToMsOf(page.data) };
}

function backToMsOf(rows: readonly unknown[]): number | null {
  const times = rows.map((row) => createdMs.safeParse(row).data ?? Number.NaN);
  const isNewestFirst = times.every((time, index) => index === 0 || time <= (times[index - 1] ?? Number.NaN));
  const last = times.at(-1) ?? Number.NaN;
  return isNewestFirst && Number.isFinite(last) ? last : null;
}

const videoModelType = 'internal/video-generations/submit';
const videoModelTag = 'playground:video';
const name = z.string().regex(/^[\x21-\x7e]{1,200}$/);
const names = z
  .array(z.unknown())
  .catch([])
  .transform((all) => all.map((one) => name.safeParse(one).data).filter((one) => one !== undefined));
const modelEntry = z.object({
  id: name,
  aliases: names.default([]),
  type: z.unknown().optional(),
  tags: names.default([]),
});

/** The video models of `GET /v1/models`, filtered again in case the server's filter is ignored. Null: not such a list. */
export function readModelList(json: unknown): readonly ListedModel[] | null {
  const list = z.object({ data: z.array(z.unknown()) }).safeParse(json).data;
  if (list === undefined) return null;
  return list.data.flatMap((raw) => {
    const entry = modelEntry.safeParse(raw).data;
    if (entry === undefined || (entry.type !== videoModelType && !entry.tags.includes(videoModelTag))) return [];
    return [{ id: entry.id, aliases: entry.aliases }];
  });
}

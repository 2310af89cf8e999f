import { type Facts, type ProviderEvidence, type ProviderName, type Remark, remark } from '@video-proxy/core';
import { type Envelope, readEnvelope } from './envelope.ts';
import type { Answer, Reply, Silence } from './exchange.ts';

/** The call an evidence is about. */
export interface Call {
  readonly name: ProviderName;
  /** Sent with the call; removed from everything the provider echoes. */
  readonly key: string;
  readonly clientRequestId: string | null;
}

/** An answer with its body read as far as it could be. */
export interface ReadAnswer extends Answer {
  /** The parsed JSON body; undefined when it is not JSON. */
  readonly json: unknown;
  readonly envelope: Envelope;
  /** A page for people, so not from the provider's API but from something in front of it. */
  readonly isPage: boolean;
}

const messageLengthMax = 500;
const fieldLengthMax = 200;
const plainTextLengthMax = 200;

export function readAnswer(answer: Answer): ReadAnswer {
  const json = parsed(answer.text);
  const isPage = json === undefined && /^\s*</.test(answer.text);
  let envelope: Envelope | null = null;
  return {
    ...answer,
    json,
    isPage,
    // Read when it is asked for: an answer without an error, which is nearly every poll, has none.
    get envelope() {
      envelope ??= readEnvelope(json);
      return envelope;
    },
  };
}

/** What the provider said in an answer; `own` is our remark where it said nothing usable. */
export function evidenceOf(answer: ReadAnswer, call: Call, own: Remark | null = null): ProviderEvidence {
  const { envelope } = answer;
  const told = own ?? envelope.message ?? bodyInWords(answer);
  const clean = (text: string | null, lengthMax = fieldLengthMax) => text && cleaned(text, call.key, lengthMax);
  return {
    name: call.name,
    statusCode: answer.statusCode < 400 ? (envelope.statusCode ?? answer.statusCode) : answer.statusCode,
    requestId: clean(envelope.requestId ?? answer.header('x-request-id')),
    path: clean(envelope.path),
    timestamp: clean(envelope.timestamp),
    kind: clean(envelope.kind),
    message: clean(typeof told === 'string' ? told : told.text, messageLengthMax),
    ...(typeof told !== 'string' && { said: { ...told.said, facts: cleanedFacts(told.said.facts, call.key) } }),
    clientRequestId: call.clientRequestId,
  };
}

/** The provider's own number of a call, which its support asks for. Only the answer to a call that failed has it in its body. */
export function requestIdOf(reply: Reply, key: string): string | null {
  if (reply.kind === 'silence') return null;
  const inBody = reply.statusCode >= 400 ? readAnswer(reply).envelope.requestId : null;
  const requestId = inBody ?? reply.header('x-request-id');
  return requestId && cleaned(requestId, key, fieldLengthMax);
}

/**
 * Of an answer that is good, as something to spread: the provider does not name every answer.
 *
 * @param logged the number of the request that the answer tells of, where it does
 */
export function providerRequestIdOf(
  answer: Reply,
  { key }: Call,
  logged: string | null = null,
): { readonly providerRequestId?: string } {
  const requestId = logged === null ? requestIdOf(answer, key) : cleaned(logged, key, fieldLengthMax);
  return requestId === null || requestId === '' ? {} : { providerRequestId: requestId };
}

/** A page's title may stand in them. */
function cleanedFacts(facts: Facts, key: string): Facts {
  return Object.fromEntries(
    Object.entries(facts).map(([name, fact]) => [
      name,
      typeof fact === 'string' ? cleaned(fact, key, fieldLengthMax) : fact,
    ]),
  );
}

/** Nothing came back, so there are no words of the provider: our remark stands in their place. */
export function evidenceOfSilence({ remark: own }: Pick<Silence, 'remark'>, call: Call): ProviderEvidence {
  return {
    name: call.name,
    statusCode: null,
    requestId: null,
    path: null,
    timestamp: null,
    kind: null,
    message: own.text,
    said: own.said,
    clientRequestId: call.clientRequestId,
  };
}

/** What lets anybody in who has the link: a signature or token behind `?` or `#`, a name and password before the host. */
const keysOfLinks = /(https?:\/\/)(?:[^\s/?#@"'<>]*@)?([^\s?#"'<>]*)([?#])?[^\s"'<>]*/gi;

/** One line of printable text without the key and without what opens a link, at most `lengthMax` characters. */
export function cleaned(text: string, key: string, lengthMax: number): string {
  // The key goes first: cut or respaced, a part of it could remain.
  const withoutKey = key === '' ? text : text.replaceAll(key, '[key]');
  const line = withoutKey
    .slice(0, lengthMax * 4)
    .replace(keysOfLinks, (_link, scheme: string, place: string, sign = '') => scheme + place + (sign && `${sign}…`))
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length > lengthMax ? `${characters.slice(0, lengthMax - 1).join('')}…` : line;
}

/** A page's title or the start of a plain text; never JSON of unknown content, which may hold links. */
function bodyInWords({ text, json, isPage, statusCode: status, whole }: ReadAnswer): string | Remark {
  const isPlain = json === undefined && status >= 400 && !/^\s*[[{"<]/.test(text) && text !== '';
  if (isPlain) return text.slice(0, plainTextLengthMax);
  if (isPage) {
    const title = /<title[^>]*>([^<]*)/i.exec(text.slice(0, 10_000))?.[1] ?? null;
    return remark(`HTTP ${status} with a web page: ${title ?? 'untitled'}`, 'answer_page', { status, title });
  }
  const cut = whole ? '' : ', cut off';
  const facts = { status, cut: whole ? 0 : 1 };
  if (text === '') return remark(`HTTP ${status} with an empty body${cut}`, 'answer_empty', facts);
  const bytes = Buffer.byteLength(text);
  const inWords = `HTTP ${status} with an unreadable body of ${bytes} bytes${cut}`;
  return remark(inWords, 'answer_unreadable', { ...facts, bytes });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

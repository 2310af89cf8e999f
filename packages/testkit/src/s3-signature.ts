import { createHash, createHmac, type Hmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export interface S3Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Signature version 4, recomputed from what arrived: in the header, or in the query of a link. */
export function isSignedRightly(
  request: IncomingMessage,
  body: Buffer,
  keys: S3Keys,
): 'right' | 'AccessDenied' | 'InvalidAccessKeyId' | 'SignatureDoesNotMatch' | 'XAmzContentSHA256Mismatch' {
  const url = new URL(request.url ?? '/', 'http://s3');
  const given = url.searchParams.has('X-Amz-Signature') ? givenInQuery(url) : givenInHeader(request);
  if (given === null) return 'AccessDenied';
  const [accessKeyId = '', date = '', region = '', service = ''] = given.credential.split('/');
  if (accessKeyId !== keys.accessKeyId) return 'InvalidAccessKeyId';
  const { payload } = given;
  if (!['UNSIGNED-PAYLOAD', sha256(body)].includes(payload)) return 'XAmzContentSHA256Mismatch';

  url.searchParams.delete('X-Amz-Signature');
  const query = [...url.searchParams]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join('&');
  const headers = given.signedHeaders
    .split(';')
    .map((name) => `${name}:${String(request.headers[name] ?? '').trim()}\n`);
  const canonical = [request.method, url.pathname, query, headers.join(''), given.signedHeaders, payload].join('\n');
  const scope = `${date}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', given.time, scope, sha256(canonical)].join('\n');
  const signingKey = [date, region, service, 'aws4_request'].reduce<Buffer | string>(
    (key, part) => hmac(key, part).digest(),
    `AWS4${keys.secretAccessKey}`,
  );
  return hmac(signingKey, toSign).digest('hex') === given.signature ? 'right' : 'SignatureDoesNotMatch';
}

interface Given {
  readonly credential: string;
  readonly signedHeaders: string;
  readonly signature: string;
  readonly time: string;
  readonly payload: string;
}

function givenInHeader({ headers }: IncomingMessage): Given | null {
  const pattern = /^AWS4-HMAC-SHA256 Credential=(\S+), SignedHeaders=(\S+), Signature=([0-9a-f]+)$/;
  const [, credential, signedHeaders, signature] = pattern.exec(headers.authorization ?? '') ?? [];
  const [time, payload] = [headers['x-amz-date'], headers['x-amz-content-sha256']];
  if (credential === undefined || signedHeaders === undefined || signature === undefined) return null;
  return typeof time === 'string' && typeof payload === 'string'
    ? { credential, signedHeaders, signature, time, payload }
    : null;
}

function givenInQuery({ searchParams }: URL): Given {
  const read = (name: string) => searchParams.get(`X-Amz-${name}`) ?? '';
  return {
    credential: read('Credential'),
    signedHeaders: read('SignedHeaders'),
    signature: read('Signature'),
    time: read('Date'),
    payload: 'UNSIGNED-PAYLOAD',
  };
}

/** RFC 3986, with the four characters that `encodeURIComponent` leaves. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const hmac = (key: string | Buffer, text: string): Hmac => createHmac('sha256', key).update(text);

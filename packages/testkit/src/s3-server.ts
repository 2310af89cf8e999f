import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { isSignedRightly, type S3Keys } from './s3-signature.ts';

export interface S3Server extends AsyncDisposable {
  readonly url: string;
  readonly bucket: string;
  readonly keys: S3Keys;
  /** What is stored, by its key. */
  readonly objects: ReadonlyMap<string, StoredObject>;
  /** Uploads in parts that were begun and neither completed nor aborted. */
  openUploads(): number;
  /** The next request that `fits` is answered like this instead, or cut off without an answer. */
  failNext(fits: (request: IncomingMessage) => boolean, how: { status: number; code: string } | 'reset'): void;
}

export interface StoredObject {
  readonly content: Buffer;
  readonly contentType: string;
}

const partSizeMin = 5 * 1024 * 1024;

/**
 * An S3 service for tests, strict where the real ones are: it recomputes every signature, wants parts of 5 MiB, and answers in
 * S3's own XML. It knows one bucket, path style, and only what an artifact storage asks for; it keeps everything in memory.
 */
export async function startS3Server(): Promise<S3Server> {
  const bucket = 'videos';
  const keys = { accessKeyId: 'AKIATEST', secretAccessKey: randomUUID() };
  const objects = new Map<string, StoredObject>();
  const uploads = new Map<string, { contentType: string; parts: Map<number, Buffer> }>();
  const failures: { fits: (request: IncomingMessage) => boolean; how: { status: number; code: string } | 'reset' }[] =
    [];

  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => refuse(response, 500, String(error)));
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<ServerResponse | undefined> {
    const failing = failures.findIndex(({ fits }) => fits(request));
    const [failure] = failing === -1 ? [] : failures.splice(failing, 1);
    if (failure?.how === 'reset') {
      request.socket.destroy();
      return undefined;
    }
    const body = await buffer(request);
    if (failure !== undefined) {
      return refuse(response, failure.how.status, failure.how.code);
    }
    const signed = isSignedRightly(request, body, keys);
    if (signed !== 'right') return refuse(response, 403, signed);
    const url = new URL(request.url ?? '/', 'http://s3');
    const [, name = '', ...rest] = decodeURIComponent(url.pathname).split('/');
    if (name !== bucket) return refuse(response, 404, 'NoSuchBucket');
    return serve({ request, response, body, query: url.searchParams }, rest.join('/'));
  }

  function serve({ request, response, body, query }: Exchange, key: string): ServerResponse {
    const uploadId = query.get('uploadId');
    switch (`${request.method}${uploadId === null ? '' : ' upload'}`) {
      case 'PUT':
        objects.set(key, { content: body, contentType: typeOf(request) });
        return response.setHeader('etag', tagOf(body)).end();
      case 'POST': {
        const id = randomUUID();
        uploads.set(id, { contentType: typeOf(request), parts: new Map() });
        return xml(
          response,
          200,
          `<InitiateMultipartUploadResult><UploadId>${id}</UploadId></InitiateMultipartUploadResult>`,
        );
      }
      case 'PUT upload': {
        uploads.get(uploadId ?? '')?.parts.set(Number(query.get('partNumber')), body);
        return response.setHeader('etag', tagOf(body)).end();
      }
      case 'POST upload':
        return complete(response, key, uploadId ?? '');
      case 'DELETE upload':
        uploads.delete(uploadId ?? '');
        return response.writeHead(204).end();
      case 'GET':
      case 'HEAD':
        return read({ request, response, body, query }, key);
      case 'DELETE':
        objects.delete(key);
        return response.writeHead(204).end();
      default:
        return refuse(response, 405, 'MethodNotAllowed');
    }
  }

  function complete(response: ServerResponse, key: string, uploadId: string): ServerResponse {
    const upload = uploads.get(uploadId);
    if (upload === undefined) return refuse(response, 404, 'NoSuchUpload');
    const parts = [...upload.parts].sort(([a], [b]) => a - b).map(([, part]) => part);
    if (parts.slice(0, -1).some(({ length }) => length < partSizeMin)) return refuse(response, 400, 'EntityTooSmall');
    objects.set(key, { content: Buffer.concat(parts), contentType: upload.contentType });
    uploads.delete(uploadId);
    return xml(response, 200, `<CompleteMultipartUploadResult><Key>${key}</Key></CompleteMultipartUploadResult>`);
  }

  function read({ request, response, query }: Exchange, key: string): ServerResponse {
    const found = objects.get(key);
    if (found === undefined) return refuse(response, 404, 'NoSuchKey');
    const { content } = found;
    response.setHeader('content-type', query.get('response-content-type') ?? found.contentType);
    const disposition = query.get('response-content-disposition');
    if (disposition !== null) response.setHeader('content-disposition', disposition);
    response.setHeader('accept-ranges', 'bytes');
    const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
    if (first === undefined)
      return send(request, response.writeHead(200, { 'content-length': content.length }), content);
    const end = Math.min(last === undefined || last === '' ? content.length - 1 : Number(last), content.length - 1);
    const part = content.subarray(Number(first), end + 1);
    const range = `bytes ${first}-${end}/${content.length}`;
    return send(request, response.writeHead(206, { 'content-length': part.length, 'content-range': range }), part);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bucket,
    keys,
    objects,
    openUploads: () => uploads.size,
    failNext: (fits, how) => void failures.push({ fits, how }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer;
  readonly query: URLSearchParams;
}

const typeOf = ({ headers }: IncomingMessage): string => headers['content-type'] ?? 'application/octet-stream';
const tagOf = (content: Buffer): string => `"${createHash('md5').update(content).digest('hex')}"`;

function send(request: IncomingMessage, response: ServerResponse, content: Buffer): ServerResponse {
  return response.end(request.method === 'HEAD' ? undefined : content);
}

function refuse(response: ServerResponse, status: number, code: string): ServerResponse {
  return xml(response, status, `<Error><Code>${code}</Code><Message>${code}</Message></Error>`);
}

function xml(response: ServerResponse, status: number, body: string): ServerResponse {
  return response.writeHead(status, { 'content-type': 'application/xml' }).end(`<?xml version="1.0"?>${body}`);
}

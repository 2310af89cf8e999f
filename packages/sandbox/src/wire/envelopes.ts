export const envelopeStyles = ['gateway', 'gateway-text', 'problem', 'bare', 'html', 'empty'] as const;
export type EnvelopeStyle = (typeof envelopeStyles)[number];

/** A refusal before it is put into one of the provider's four envelopes. */
export interface Refusal {
  readonly status: number;
  /** The inner exception's class name. */
  readonly name: string;
  readonly title: string;
  /** A list where a validator speaks for itself. */
  readonly message: string | readonly string[];
  /** `{ kind }` for problems of the account, a list of issues for validation. */
  readonly data?: unknown;
}

export interface CallIdentity {
  readonly requestId: string;
  readonly path: string;
  readonly timestamp: string;
}

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** Puts a refusal into an envelope; all four are recorded from the real service. */
export function enclose(refusal: Refusal, style: EnvelopeStyle, call: CallIdentity): RawAnswer {
  switch (style) {
    case 'gateway':
      return json(refusal.status, gatewayBody(refusal, call));
    case 'gateway-text':
      // The documentation's own example has the status as text.
      return json(refusal.status, { ...gatewayBody(refusal, call), statusCode: String(refusal.status) });
    case 'problem':
      return json(refusal.status, {
        title: refusal.title,
        status: refusal.status,
        message: refusal.message,
        instance: call.path.includes('?') ? call.path : `${call.path}?`,
        timestamp: call.timestamp,
        error: bareBody(refusal),
      });
    case 'bare':
      return json(refusal.status, bareBody(refusal));
    case 'html':
      return htmlPage(refusal.status, refusal.title);
    case 'empty':
      return { status: refusal.status, contentType: 'text/plain', body: '' };
  }
}

/** A page as a proxy in front of the provider makes it. */
function htmlPage(status: number, title: string): RawAnswer {
  const body = `<!DOCTYPE html>\n<html lang="en-US">\n<head><title>api.aimlapi.com | ${status}: ${title}</title></head>\n<body><h1>${title}</h1><p>Error code ${status}</p></body>\n</html>\n`;
  return { status, contentType: 'text/html; charset=UTF-8', body };
}

function gatewayBody(refusal: Refusal, call: CallIdentity): object {
  const { requestId, path, timestamp } = call;
  const body = { requestId, statusCode: refusal.status, timestamp, path, message: refusal.message };
  return Array.isArray(refusal.data) ? { ...body, errors: refusal.data } : body;
}

function bareBody({ name, message, data }: Refusal): object {
  return data === undefined ? { name, message } : { name, message, data };
}

function json(status: number, body: object): RawAnswer {
  return { status, contentType: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

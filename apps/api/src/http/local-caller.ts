import type { IncomingMessage } from 'node:http';

const loopbackAddress = /^(?:127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;
const loopbackName = /^(?:localhost|[a-z0-9-]+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])(?::\d+)?$/i;

/** Set by reverse proxies, load balancers and content delivery networks. */
const forwardingHeader =
  /^(?:forwarded|via|x-forwarded(?:-.*)?|x-real-ip|x-client-ip|x-cluster-client-ip|x-original-.*|x-envoy-.*|true-client-ip|cf-.*|fastly-client-ip|fly-client-ip)$/;

/**
 * Whether a program on this machine talks to us directly. The address alone does not say so: a proxy on the same machine
 * hands on the requests of strangers (forwarding headers, a public `Host`), and so does a browser for any web page that is
 * open in it (`Origin`, `Sec-Fetch-Site`, or a foreign name that was made to resolve to 127.0.0.1).
 */
export function isLocalCaller({ socket, headers }: Pick<IncomingMessage, 'socket' | 'headers'>): boolean {
  return (
    loopbackAddress.test(socket.remoteAddress ?? '') &&
    loopbackName.test(headers.host ?? '') &&
    !Object.keys(headers).some((name) => forwardingHeader.test(name)) &&
    isOwnPage(headers.origin) &&
    headers['sec-fetch-site'] !== 'cross-site'
  );
}

function isOwnPage(origin: string | undefined): boolean {
  return origin === undefined || loopbackName.test(origin.replace(/^https?:\/\//, ''));
}

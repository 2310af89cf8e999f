import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { sandboxApiKey, startSandbox } from '@video-proxy/sandbox';
import { describe, expect, onTestFinished, test } from 'vitest';
import { diagnose } from './diagnosis.ts';

const otherKey = 'sk-aimlapi-0123456789abcdef0123456789abcdef';

async function sandboxFor(): Promise<Awaited<ReturnType<typeof startSandbox>>> {
  const sandbox = await startSandbox();
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function listening(server: Server): Promise<number> {
  const connections = new Set<Socket>();
  server.on('connection', (socket) => connections.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of connections) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

describe('a provider that answers', () => {
  test('a good key is ok, with its fingerprint and the balance', async () => {
    const sandbox = await sandboxFor();
    const diagnosis = await diagnose({ AI_ML_API_KEY: sandboxApiKey, AIMLAPI_BASE_URL: sandbox.url });
    expect(diagnosis.checks.find(({ id }) => id === 'provider')).toMatchObject({
      status: 'ok',
      finding: expect.stringContaining('balance 100000.00 USD'),
    });
    expect(diagnosis.summary.fail).toBe(0);
    expect(diagnosis.code).toBe(0);
  });

  test('a rejected key is named with the request id of the refusal, and the key is never printed', async () => {
    const sandbox = await sandboxFor();
    const diagnosis = await diagnose({ AI_ML_API_KEY: otherKey, AIMLAPI_BASE_URL: sandbox.url });
    const finding = diagnosis.of('provider_rejected');
    expect(finding).toMatchObject({
      status: 'fail',
      evidence: { status_code: 401, request_id: expect.any(String), path: '/v2/billing' },
    });
    expect(finding?.finding).toContain(`request id ${finding?.evidence?.request_id}`);
    expect(diagnosis.code).toBe(1);
    expect(diagnosis.text).not.toContain(otherKey.slice('sk-aimlapi-'.length));
  });

  test('an empty account is out of credits', async () => {
    const sandbox = await sandboxFor();
    sandbox.control.setBalanceUsd(0);
    const diagnosis = await diagnose({ AI_ML_API_KEY: sandboxApiKey, AIMLAPI_BASE_URL: sandbox.url });
    expect(diagnosis.of('provider_out_of_credits')).toMatchObject({
      status: 'fail',
      action: expect.stringContaining('top up'),
    });
    expect(diagnosis.code).toBe(1);
  });

  test('an account that has to be verified is unverified', async () => {
    const sandbox = await sandboxFor();
    sandbox.control.script('billing', 'unverified');
    const diagnosis = await diagnose({ AI_ML_API_KEY: sandboxApiKey, AIMLAPI_BASE_URL: sandbox.url });
    expect(diagnosis.of('provider_unverified')).toMatchObject({
      status: 'fail',
      evidence: { status_code: 403, kind: 'err_unverified_card' },
    });
    expect(diagnosis.code).toBe(1);
  });

  test('an address that answers with a web page is a wrong base URL', async () => {
    const port = await listening(
      createHttpServer((_request, response) =>
        response.writeHead(404, { 'content-type': 'text/html' }).end('<html><title>Not here</title></html>'),
      ),
    );
    const diagnosis = await diagnose({ AI_ML_API_KEY: otherKey, AIMLAPI_BASE_URL: `http://127.0.0.1:${port}` });
    expect(diagnosis.of('base_url_wrong')).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('wrong base URL'),
    });
    expect(diagnosis.code).toBe(1);
  });

  test('a wrong base URL is found without a key, too', async () => {
    const port = await listening(createHttpServer((_request, response) => response.end('<html>Welcome</html>')));
    const diagnosis = await diagnose({ AIMLAPI_BASE_URL: `http://127.0.0.1:${port}` });
    expect(diagnosis.of('key_missing')).toBeDefined();
    expect(diagnosis.of('base_url_wrong')).toBeDefined();
  });
});

describe('a provider that cannot be reached', () => {
  test('a closed port is a refused connection', async () => {
    const server = createTcpServer();
    const port = await listening(server);
    await new Promise((resolve) => server.close(resolve));
    const diagnosis = await diagnose({ AI_ML_API_KEY: otherKey, AIMLAPI_BASE_URL: `http://127.0.0.1:${port}` });
    expect(diagnosis.of('provider_refused')).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('refused'),
    });
    expect(diagnosis.code).toBe(1);
  });

  test('a name that does not exist is a matter of DNS', async () => {
    const diagnosis = await diagnose({ AI_ML_API_KEY: otherKey, AIMLAPI_BASE_URL: 'http://nonexistent.invalid' });
    expect(diagnosis.of('provider_dns')).toMatchObject({ status: 'fail', finding: expect.stringContaining('DNS') });
    expect(diagnosis.code).toBe(1);
  });

  test('https to a port that speaks plain http is a matter of TLS', async () => {
    const port = await listening(createHttpServer((_request, response) => response.end()));
    const diagnosis = await diagnose({ AI_ML_API_KEY: otherKey, AIMLAPI_BASE_URL: `https://127.0.0.1:${port}` });
    expect(diagnosis.of('provider_tls')).toMatchObject({ status: 'fail', finding: expect.stringContaining('TLS') });
    expect(diagnosis.code).toBe(1);
  });

  test('a server that accepts and never answers is a timeout, and the whole diagnosis ends within 10 s', async () => {
    const port = await listening(createTcpServer(() => undefined));
    const startedMs = performance.now();
    const diagnosis = await diagnose({ AI_ML_API_KEY: otherKey, AIMLAPI_BASE_URL: `http://127.0.0.1:${port}` });
    expect(diagnosis.of('provider_timeout')).toMatchObject({
      status: 'fail',
      finding: expect.stringContaining('timeout'),
    });
    expect(diagnosis.code).toBe(1);
    expect(performance.now() - startedMs).toBeLessThan(10_000);
  });
});

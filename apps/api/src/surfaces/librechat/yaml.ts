import { linkFlaw } from '@video-proxy/outbound/link-flaw';

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * What goes into `librechat.yaml` to use this installation: the tools by MCP, for every chat model, and the permission to import
 * the actions. LibreChat refuses private addresses that are not named; for actions it looks at port 80 as well (measured).
 */
export function librechatYaml(baseUrl: string): string {
  const url = new URL(baseUrl);
  const port = url.port || (defaultPorts[url.protocol] ?? '443');
  const isPrivate = linkFlaw(baseUrl, []) !== null;
  const mcp = isPrivate ? `mcpSettings:\n  allowedAddresses: ["${url.hostname}:${port}"]\n` : '';
  const actions = isPrivate
    ? `actions:\n  allowedAddresses: ["${url.hostname}:80", "${url.hostname}:${port}"]\n`
    : '# Actions need no setting for a public address.\n';
  return `# For librechat.yaml. Set VIDEO_PROXY_KEY in LibreChat's environment to a key of CLIENT_KEYS.
${mcp}mcpServers:
  video:
    type: streamable-http
    url: ${baseUrl}/mcp
    requiresOAuth: false
    headers:
      Authorization: "Bearer \${VIDEO_PROXY_KEY}"
      X-LibreChat-User-Id: "{{LIBRECHAT_USER_ID}}"
    timeout: 120000
    initTimeout: 20000
    serverInstructions: true
# Or as actions of an agent: import ${baseUrl}/librechat/openapi.json, with the key as bearer token.
${actions}`;
}

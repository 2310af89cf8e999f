import { isPublicHost } from './address.ts';

const defaultPorts: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/**
 * What goes into `librechat.yaml` to use this installation by any of the three doors. LibreChat refuses addresses in private networks
 * that are not named; for actions it looks at port 80 (or 443) as well, because it forgets the port of the document (measured).
 */
export function librechatYaml(baseUrl: string, defaultModel: string): string {
  const url = new URL(baseUrl);
  const usualPort = defaultPorts[url.protocol] ?? '443';
  const port = url.port || usualPort;
  const places = [...new Set([usualPort, port])].map((one) => `"${url.hostname}:${one}"`).join(', ');
  const [mcpPlace, actionPlaces] = isPublicHost(url) ? ['', ''] : [`"${url.hostname}:${port}"`, places];
  return `# For librechat.yaml: video-proxy by three doors, each of which works without the others.
# VIDEO_PROXY_KEY in LibreChat's environment is one of the keys in CLIENT_KEYS.

# 1. Tools for every chat model and agent, by MCP.
${mcpPlace && `mcpSettings:\n  allowedAddresses: [${mcpPlace}]\n`}mcpServers:
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

# 2. A chat model that answers with videos.
endpoints:
  custom:
    - name: "Video"
      apiKey: "\${VIDEO_PROXY_KEY}"
      baseURL: "${baseUrl}/v1"
      models:
        default: ["${defaultModel}"]
        fetch: true
      titleConvo: false
      headers:
        X-LibreChat-User-Id: "{{LIBRECHAT_USER_ID}}"
        X-LibreChat-Message-Id: "{{LIBRECHAT_BODY_MESSAGEID}}"
        X-LibreChat-Conversation-Id: "{{LIBRECHAT_BODY_CONVERSATIONID}}"

# 3. Actions of an agent: its author imports ${baseUrl}/librechat/openapi.json, with the key as bearer token.
${actionPlaces ? `actions:\n  allowedAddresses: [${actionPlaces}]\n` : '# They need no setting for a public address.\n'}`;
}

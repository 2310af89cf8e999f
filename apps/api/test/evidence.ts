/** What the provider said when it refused the key. */
export const evidence = {
  name: 'aimlapi',
  statusCode: 401,
  requestId: 'hRNOI9BMsuLeZ76UNdGhS',
  path: '/v2/video/generations',
  timestamp: '2025-12-05T13:46:30.569Z',
  kind: null,
  message: 'This request requires a valid API key.',
  clientRequestId: null,
} as const;

/** Replies by which a Redis that is there says that it cannot serve now; the first word of an error reply is its code. */
const busyReplies = new Set([
  'BUSY',
  'CLUSTERDOWN',
  'LOADING',
  'MASTERDOWN',
  'MISCONF',
  'NOAUTH',
  'NOREPLICAS',
  'OOM',
  'READONLY',
  'TRYAGAIN',
  'UNBLOCKED',
  'WRONGPASS',
]);

/** ioredis gives these errors neither a class nor a code of their own. */
const clientMessages = new Set([
  'Connection is closed.',
  'Command timed out',
  "Stream isn't writeable and enableOfflineQueue options is false",
  "Cluster isn't ready and enableOfflineQueue options is false",
  'None of startup nodes is available',
  'Command aborted due to connection close',
]);

const clientErrorNames = new Set(['MaxRetriesPerRequestError', 'ClusterAllFailedError', 'RedisNotReadyError']);

/**
 * Whether an error means that Redis is away, starting, full, or too slow: the caller answers 503 or tries again later.
 * Everything else is a mistake in our own code and must not be hidden behind "try again". Bare network errors are not
 * claimed either: ioredis never rejects a command with one, so they come from elsewhere.
 */
export function isRedisUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (clientErrorNames.has(error.name) || clientMessages.has(error.message)) return true;
  if (error.message.startsWith('Too many Cluster redirections.')) return true;
  if (error.name !== 'ReplyError') return false;
  const [code = ''] = error.message.split(' ', 1);
  return code === 'EXECABORT' ? isAbortedByUnavailability(error) : busyReplies.has(code);
}

/** A transaction of which Redis refuses a command is given up; ioredis keeps the reason beside that. */
function isAbortedByUnavailability(error: Error & { readonly previousErrors?: unknown }): boolean {
  const { previousErrors } = error;
  return Array.isArray(previousErrors) && previousErrors.length > 0 && previousErrors.every(isRedisUnavailable);
}

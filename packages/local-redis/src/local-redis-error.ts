/**
 * `in_use`: another process has this directory. `missing`: there is no redis-server to run. `did_not_start`: there is
 * one, and its own words are in the message.
 */
export type LocalRedisErrorCode = 'in_use' | 'missing' | 'did_not_start';

export class LocalRedisError extends Error {
  readonly code: LocalRedisErrorCode;

  constructor(code: LocalRedisErrorCode, message: string) {
    super(message);
    this.name = 'LocalRedisError';
    this.code = code;
  }
}

import { withoutCommand } from '@video-proxy/redis';
import { type Logger, pino } from 'pino';

const serializers = { err: (error: Error) => withoutCommand(pino.stdSerializers.err(error)) };

/** One JSON line an event on stdout; readable lines when a person is looking. */
export function openLog(
  level: string,
  isTerminal: boolean,
  formatters: { readonly log?: (line: Record<string, unknown>) => Record<string, unknown> } = {},
): Logger {
  return pino({
    level,
    serializers,
    formatters,
    base: { process: 'worker' },
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(isTerminal ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {}),
  });
}

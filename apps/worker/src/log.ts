import { type Logger, pino } from 'pino';

/** ioredis puts the command it sent on its errors: passwords, prompts, links. None of that belongs into a log. */
const serializers = {
  err: (error: Error) => {
    const { command: _command, lastNodeError: _nodeError, ...rest } = pino.stdSerializers.err(error);
    return rest;
  },
};

/** One JSON line an event on stdout; readable lines when a person is looking. */
export function openLog(level: string, isTerminal: boolean): Logger {
  return pino({
    level,
    serializers,
    base: { process: 'worker' },
    timestamp: pino.stdTimeFunctions.isoTime,
    ...(isTerminal ? { transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } } : {}),
  });
}

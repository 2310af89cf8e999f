import { type Logger, pino } from 'pino';

/** One JSON line an event on stdout; readable lines when a person is looking. Written in the background: a slow reader of the log must not slow requests down. */
export function openLog(level: string, isTerminal: boolean): Logger {
  const options = { level, base: { process: 'api' }, timestamp: pino.stdTimeFunctions.isoTime };
  if (isTerminal) {
    return pino({ ...options, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } });
  }
  return pino(options, pino.destination({ dest: 1, sync: false }));
}

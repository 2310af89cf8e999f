import { type Logger, pino } from 'pino';

/** Lines are written together, this much or this often: one write a request would cost more than the line itself. */
const writeBytesMin = 8_192;
const writeIntervalMs = 200;

/** One JSON line an event on stdout; readable lines when a person is looking. What is not yet written is written at exit. */
export function openLog(level: string, isTerminal: boolean): Logger {
  const options = { level, base: { process: 'api' }, timestamp: pino.stdTimeFunctions.isoTime };
  if (isTerminal) {
    return pino({ ...options, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } });
  }
  const output = { dest: 1, sync: false, minLength: writeBytesMin, periodicFlush: writeIntervalMs };
  return pino(options, pino.destination(output));
}

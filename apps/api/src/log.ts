import { withoutCommand } from '@video-proxy/redis';
import { type Logger, pino } from 'pino';

const serializers = { err: (error: Error) => withoutCommand(pino.stdSerializers.err(error)) };

/** Lines are written together, this much or this often: one write a request would cost more than the line itself. */
const writeBytesMin = 8_192;
const writeIntervalMs = 200;
/** When nobody reads the log, lines are dropped rather than kept in memory without end. */
const waitingBytesMax = 16 * 1024 * 1024;

/** One JSON line an event on stdout; readable lines when a person is looking. What is not yet written is written at exit. */
export function openLog(
  level: string,
  isTerminal: boolean,
  formatters: { readonly log?: (line: Record<string, unknown>) => Record<string, unknown> } = {},
): Logger {
  const options = { level, serializers, formatters, base: { process: 'api' }, timestamp: isoTimes() };
  if (isTerminal) {
    return pino({ ...options, transport: { target: 'pino-pretty', options: { ignore: 'pid,hostname' } } });
  }
  const output = {
    dest: 1,
    sync: false,
    minLength: writeBytesMin,
    periodicFlush: writeIntervalMs,
    maxLength: waitingBytesMax,
  };
  return pino(options, pino.destination(output));
}

/** The time of a line, made once a millisecond: making it costs more than all the rest of a line (measured). */
function isoTimes(): () => string {
  let madeAtMs = Number.NaN;
  let text = '';
  return () => {
    const nowMs = Date.now();
    if (nowMs !== madeAtMs) text = `,"time":"${new Date(nowMs).toISOString()}"`;
    madeAtMs = nowMs;
    return text;
  };
}

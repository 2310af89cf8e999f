type Telling = 'command' | 'lastNodeError' | 'previousErrors';

/**
 * ioredis puts the command it sent on its errors, and on that of a transaction the errors of its commands: passwords, prompts,
 * links. For the log such an error leaves that out.
 */
export function withoutCommand<Logged extends object>(error: Logged): Omit<Logged, Telling> {
  const {
    command: _command,
    lastNodeError: _nodeError,
    previousErrors: _errors,
    ...rest
  }: Logged & Partial<Record<Telling, unknown>> = error;
  return rest;
}

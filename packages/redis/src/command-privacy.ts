/** ioredis puts the command it sent on its errors: passwords, prompts, links. For the log such an error leaves that out. */
export function withoutCommand<Logged extends object>(error: Logged): Omit<Logged, 'command' | 'lastNodeError'> {
  const {
    command: _command,
    lastNodeError: _nodeError,
    ...rest
  }: Logged & { command?: unknown; lastNodeError?: unknown } = error;
  return rest;
}

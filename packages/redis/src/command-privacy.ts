import type { Cluster, Redis } from 'ioredis';

/** ioredis puts the command it sent on its errors, with passwords, prompts and links in it. Nobody needs them there. */
export function withoutCommand<T>(error: T): T {
  if (error instanceof Error && 'command' in error) delete error.command;
  return error;
}

/** Lets no failed command of this connection show what was sent. */
export function keepCommandsPrivate(redis: Redis | Cluster): void {
  const send: Cluster['sendCommand'] = redis.sendCommand.bind(redis);
  const sendPrivately: Cluster['sendCommand'] = (command, ...where) => {
    // The first to hear of a failure, so that everybody after sees the error without its command.
    command.promise.catch(withoutCommand);
    return send(command, ...where);
  };
  redis.sendCommand = sendPrivately;
}

import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { Queue } from 'bullmq';
import { eventsMax, prefixOf, type RedisConnection, stepNames } from './queues.ts';

/** The queues, to be shown by bull-board; nothing can be changed through them. */
export interface QueueBoard extends AsyncDisposable {
  /** Opened when somebody first wants to look. */
  adapters(): readonly BullMQAdapter[];
}

export function openQueueBoard({
  connection,
  namespace,
  onError,
}: {
  readonly connection: RedisConnection;
  readonly namespace: string;
  readonly onError: (error: Error) => void;
}): QueueBoard {
  let queues: readonly Queue[] | null = null;

  const open = (): readonly Queue[] =>
    stepNames.map((step) => {
      const streams = { events: { maxLen: eventsMax } };
      const queue = new Queue(step, { connection, prefix: prefixOf(namespace), streams });
      queue.on('error', (error) => {
        if (connection.status === 'ready') onError(error);
      });
      return queue;
    });

  return {
    adapters() {
      queues ??= open();
      return queues.map((queue) => new BullMQAdapter(queue, { readOnlyMode: true, allowRetries: false }));
    },
    async [Symbol.asyncDispose]() {
      await Promise.all((queues ?? []).map((queue) => queue.close()));
    },
  };
}

export type Persistence = 'append-only' | 'none';

/**
 * Everything is said on the command line, so no file of the system's Redis has a say. Without `noeviction` Redis may
 * drop queue keys when memory runs out; without the append-only file a crash loses every acknowledged job.
 */
export function redisSettings(persistence: Persistence): string[] {
  const durable = persistence === 'append-only';
  return [
    ...['--appendonly', durable ? 'yes' : 'no'],
    ...['--appendfsync', 'everysec'],
    ...['--save', ''],
    ...['--maxmemory-policy', 'noeviction'],
    ...['--daemonize', 'no'],
    ...['--loglevel', 'warning'],
  ];
}

import { connectRedis, type RedisConnection, type RedisRole } from './connection.ts';

export interface OutageReports {
  away(error: Error): void;
  back(): void;
}

/** `connectRedis`, with a report when an outage begins and when it ends instead of one for every try in between. */
export function connectWithReports(url: string, role: RedisRole, reports: OutageReports): RedisConnection {
  let isAway = false;
  const onError = (error: Error) => {
    if (!isAway) reports.away(error);
    isAway = true;
  };
  const connection = connectRedis(url, { role, onError });
  connection.on('ready', () => {
    if (isAway) reports.back();
    isAway = false;
  });
  return connection;
}

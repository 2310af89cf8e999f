/** The socket file of the private Redis that the benchmark started. */
export function redisPath(): string {
  return new URL(process.env['REDIS_URL'] ?? '').pathname;
}

/** The line the benchmark waits for; the service says the same. */
export function announce(address: string): void {
  console.log(`baseline listening on port ${new URL(address).port}`);
}

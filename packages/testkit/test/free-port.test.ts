import { expect, test } from 'vitest';
import { freePort } from '../src/free-port.ts';

test('who asks at the same time gets another port, long before anybody listens on it', async () => {
  const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
  expect(new Set(ports).size).toBe(200);
});

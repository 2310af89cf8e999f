import { EventEmitter, once } from 'node:events';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { type ChildProgram, superviseChild } from '../../src/start/supervised-child.ts';

/** A supervised program given as source text; it says `{ pid }` when it runs. */
function supervise(source: string) {
  const heard = new EventEmitter();
  const program: ChildProgram = {
    name: 'api',
    args: () => ['--input-type=module', '--eval', source],
    environment: () => ({ PATH: process.env['PATH'] }),
    output: () => undefined,
    onMessage: (message) => heard.emit('message', message),
  };
  const child = superviseChild(program, {
    restarting: (_name, how, pauseMs) => heard.emit('restarting', how, pauseMs),
    givenUp: (_name, how) => heard.emit('givenUp', how),
  });
  onTestFinished(() => child.stop(0));
  const next = async (event: 'message' | 'restarting' | 'givenUp'): Promise<unknown[]> => once(heard, event);
  return { child, next };
}

const sayPidAndStay = 'process.send({ pid: process.pid }); process.on("disconnect", () => process.exit());';

async function pidOf(next: (event: 'message') => Promise<unknown[]>): Promise<number> {
  const [message] = await next('message');
  return (message as { pid: number }).pid;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('a supervised child', () => {
  test('that is killed starts again after a pause that grows', async () => {
    const { next } = supervise(sayPidAndStay);
    let pid = await pidOf(next);
    const pauses: unknown[] = [];
    for (let kills = 0; kills < 2; kills += 1) {
      const restarting = next('restarting');
      const again = pidOf(next);
      process.kill(pid, 'SIGKILL');
      const [how, pauseMs] = await restarting;
      expect(how).toBe('signal SIGKILL');
      pauses.push(pauseMs);
      pid = await again;
    }
    expect(pauses).toEqual([500, 1_000]);
  });

  test('that refuses to start is given up instead of started again', async () => {
    const { next } = supervise('process.exit(1)');
    expect(await next('givenUp')).toEqual(['exit code 1']);
  });

  test('that ends with another code has crashed and starts again', async () => {
    const { next } = supervise('process.exit(7)');
    expect(await next('restarting')).toEqual(['exit code 7', 500]);
  });

  test('is asked to end in peace', async () => {
    const { child, next } = supervise(
      `process.on("SIGTERM", () => { process.send("asked"); process.exit(); }); ${sayPidAndStay}`,
    );
    const pid = await pidOf(next);
    const asked = next('message');
    await child.stop(5_000);
    expect(await asked).toEqual(['asked']);
    expect(isAlive(pid)).toBe(false);
  });

  test('that does not end in peace is killed when its time is up', async () => {
    const { child, next } = supervise(`process.on("SIGTERM", () => undefined); ${sayPidAndStay}`);
    const pid = await pidOf(next);
    await child.stop(200);
    expect(isAlive(pid)).toBe(false);
  });

  test('comes back when it is renewed, although it does not end in peace', async () => {
    const { child, next } = supervise(`process.on("SIGTERM", () => undefined); ${sayPidAndStay}`);
    const pid = await pidOf(next);
    const restarting = next('restarting');
    const again = pidOf(next);
    child.renew(200);
    expect(await restarting).toEqual(['signal SIGKILL', 500]);
    expect(await again).not.toBe(pid);
  });

  test('does not come back after it was stopped during a pause', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const { child, next } = supervise('process.exit(7)');
    await next('restarting');
    await child.stop(1_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

import { afterAll, beforeAll, describe, test } from 'vitest';
import { actionsDoor } from './doors/actions.ts';
import { chatDoor } from './doors/chat.ts';
import { chatKey, type User } from './doors/door.ts';
import { mcpDoor } from './doors/mcp.ts';
import { openaiVideosDoor } from './doors/openai-videos.ts';
import { type Api, type Installation, startInstallation } from './installation.ts';
import { rejectedKey, rules } from './scenarios/conversation.ts';

const doors = [mcpDoor, actionsDoor, chatDoor, openaiVideosDoor];
const users: readonly User[] = Array.from({ length: 40 }, (_, index) => ({
  name: `user-${index}`,
  ownKey: `key-of-user-${index}`,
}));
const timeout = 90_000;

describe('through every door', () => {
  let installation: Installation;
  let api: Api;

  beforeAll(async () => {
    const keys = users.map(({ name, ownKey }) => `${name}=${ownKey}`);
    installation = await startInstallation({ CLIENT_KEYS: [`chat=${chatKey}`, ...keys].join(',') });
    [api] = await Promise.all([installation.startApi(), installation.startWorker()]);
  });

  afterAll(() => installation[Symbol.asyncDispose]());

  const left = [...users];
  const user = () => left.pop() ?? { name: '', ownKey: '' };

  describe.each(doors.map((door) => [door.name, door] as const))('%s', { concurrent: true, timeout }, (_name, door) => {
    for (const { title, play } of rules) test(title, () => play({ installation, api, door, user }));
  });

  describe(rejectedKey.title, { timeout }, () => {
    for (const door of doors) test.concurrent(door.name, () => rejectedKey.play({ installation, api, door, user }));
  });
});

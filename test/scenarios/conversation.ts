import { expect } from 'vitest';
import type { Conversation, Door, Links, User } from '../doors/door.ts';
import type { Api, Installation } from '../installation.ts';

/** Something that has to be true whichever door somebody comes through. */
export interface Rule {
  readonly title: string;
  play(parts: RuleParts): Promise<void>;
}

interface RuleParts {
  readonly installation: Installation;
  readonly api: Api;
  readonly door: Door;
  /** Somebody who has no videos yet. */
  readonly user: () => User;
}

const seconds = 4;

/** They may all be played at once. */
export const rules: readonly Rule[] = [
  {
    title: 'a wish is followed and ends in a link that plays, with a poster',
    async play({ api, door, user }) {
      await using conversation = await door.enter(api, user());
      const asked = await conversation.ask('a kite [sandbox:slow=2]', seconds);
      const { meanwhile, links } = await asked.end();
      expect(meanwhile).toMatch(/generating|in_progress/);
      await expectPlayable(links ?? expect.fail('links'));
    },
  },
  {
    title: 'a wish against the content rules is told as such, with the request id and what it cost',
    async play({ api, door, user }) {
      await using conversation = await door.enter(api, user());
      const asked = await conversation.ask('a kite [sandbox:moderation]', seconds);
      const { said, links } = await asked.end();
      expect(said).toContain("rejected by the video provider's content rules. Nothing was billed.");
      expect(said).toMatch(/request id req_/);
      expect(links).toBeNull();
    },
  },
  {
    title: 'a wrong parameter is named at once, with the request id, and nothing is sent',
    async play({ api, door, user, installation: { sandbox } }) {
      const who = user();
      await using conversation = await door.enter(api, who);
      const { id, said } = await conversation.ask(`a kite for ${who.name}`, 7);
      expect(id).toBeNull();
      expect(said).toMatch(/(duration|seconds)/);
      expect(said).toMatch(/request id:? req_/i);
      expect(JSON.stringify(sandbox.control.requests())).not.toContain(who.name);
    },
  },
  {
    title: 'two users at once: neither sees, stops or waits for the videos of the other',
    async play({ api, door, user }) {
      await using ann = await door.enter(api, user());
      await using bob = await door.enter(api, user());
      const [anns, bobs] = await Promise.all([
        ann.ask('a kite [sandbox:slow=120]', seconds),
        bob.ask('a kite', seconds),
      ]);
      await expectPlayable((await bobs.end()).links ?? expect.fail('links'));
      await expectNothingOf(idOf(anns), bob, api);
      const isHers = await fetch(`${api.url}/v1/jobs/${idOf(anns)}`, { headers: ann.headers });
      expect(await isHers.json()).toMatchObject({ status: 'in_progress', phase: 'generating' });
      if (ann.list !== null && bob.list !== null) {
        const [hers, his] = await Promise.all([ann.list(), bob.list()]);
        expect(hers).toContain(idOf(anns));
        expect(hers).not.toContain(idOf(bobs));
        expect(his).toContain(idOf(bobs));
        expect(his).not.toContain(idOf(anns));
      }
    },
  },
];

/** Stops all other videos for a while, so no other rule may be played beside it. */
export const rejectedKey: Rule = {
  title: 'a key that the provider rejects is told as such, with both request ids and what it cost',
  async play({ api, door, user }) {
    await using conversation = await door.enter(api, user());
    const asked = await conversation.ask('a kite [sandbox:incident]', seconds);
    const { said } = await asked.end();
    expect(said).toContain("rejected this service's API key. Operators have been told; nothing was billed.");
    expect(said).toMatch(/request id req_.*hRNOI9BMsuLeZ76UNdGhS/);
  },
};

const idOf = ({ id }: { readonly id: string | null }): string => id ?? expect.fail('an id');

/** As a browser does it, which has no key. */
async function expectPlayable({ watch, poster, video = `${watch}/video.mp4` }: Links): Promise<void> {
  // LibreChat takes some paths, such as /files/…, for its own.
  expect(new URL(watch).pathname).toMatch(/^\/v\/[0-9A-Za-z_-]+$/);
  const film = await fetch(video, { headers: { range: 'bytes=4-7' } });
  expect([film.status, film.headers.get('content-type')]).toEqual([206, 'video/mp4']);
  expect(await film.text()).toBe('ftyp');
  const picture = await fetch(poster);
  expect([picture.status, picture.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
  const page = await fetch(watch);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<video')]);
}

/** Nothing that this person can do with the id of somebody else's video leads anywhere. */
async function expectNothingOf(id: string, stranger: Conversation, { url }: Api): Promise<void> {
  for (const said of await stranger.tryAll(id)) expect(said).toMatch(/There is no video/);
  const { headers } = stranger;
  for (const [method, path] of [
    ['GET', `/v1/jobs/${id}`],
    ['GET', `/v1/jobs/${id}?wait_seconds=20`],
    ['GET', `/v1/jobs/${id}/events`],
    ['GET', `/v1/jobs/${id}/video`],
    ['GET', `/v1/jobs/${id}/poster`],
    ['GET', `/v1/videos/${id}/content`],
    ['GET', `/v2/video/generations?generation_id=${id}`],
    ['POST', `/v1/jobs/${id}/cancel`],
    ['POST', `/v1/jobs/${id}/retry`],
    ['DELETE', `/v1/jobs/${id}`],
  ] as const) {
    const response = await fetch(url + path, { method, headers });
    expect([method, path, response.status]).toEqual([method, path, 404]);
    await response.body?.cancel();
  }
}

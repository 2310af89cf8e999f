import type { Api } from '../installation.ts';

/** A way into the service that people have, with the client they come with. */
export interface Door {
  readonly name: string;
  enter(api: Api, user: User): Promise<Conversation>;
}

export interface User {
  readonly name: string;
  /** For doors whose clients cannot name a user: a key of their own. */
  readonly ownKey: string;
}

export interface Conversation extends AsyncDisposable {
  /** Who this is, on any other way into the service. */
  readonly headers: Readonly<Record<string, string>>;
  /** Asks for a video of this many seconds. */
  ask(prompt: string, seconds: number): Promise<Asked>;
  /** What is said about all one's videos; null where nobody can ask. */
  readonly list: (() => Promise<string>) | null;
  /** Tries everything that can be tried with the id of a video, and tells what was said each time. */
  tryAll(id: string): Promise<readonly string[]>;
}

export interface Asked {
  /** Of the job; null when there is none. */
  readonly id: string | null;
  readonly said: string;
  end(): Promise<Ended>;
}

export interface Ended {
  /** What the person reads in the end. */
  readonly said: string;
  /** What was to be read until then. */
  readonly meanwhile: string;
  readonly links: Links | null;
}

export interface Links {
  readonly watch: string;
  readonly poster: string;
  /** Where the door gives the file itself. */
  readonly video?: string;
}

/** The key of a chat app whose users are told apart by a header. */
export const chatKey = 'key-of-the-chat';

export const headersOf = ({ name }: User) => ({
  authorization: `Bearer ${chatKey}`,
  'x-librechat-user-id': name,
});

/** The clickable picture of an answer in markdown. */
export function linksIn(markdown: string): Links | null {
  const [, poster, watch] = /\[!\[[^\]]*\]\((\S+)\)\]\((\S+)\)/.exec(markdown) ?? [];
  return poster === undefined || watch === undefined ? null : { poster, watch };
}

export const idIn = (text: string): string | null => /video_[0-9a-z]{26}/.exec(text)?.[0] ?? null;

export const model = 'google/veo-3.1-t2v';

/** So often that something is heard before a generation of a few seconds has ended. */
export const waitSeconds = 1;

import type { LedgerTools } from './scripts.ts';

/** A picture, film or sound that somebody gave to make a video from. Its bytes are on the storage. */
export interface InputFile {
  readonly id: string;
  readonly owner: string;
  readonly filename: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly storageKey: string;
  /** Part of its unguessable link. */
  readonly secret: string;
  readonly createdAtMs: number;
}

export interface InputFiles {
  /** Written before the bytes, so that a file without a record cannot be left behind. */
  create(file: InputFile): Promise<void>;
  get(id: string): Promise<InputFile | null>;
  /** Newest first. */
  list(owner: string, page: { readonly limit: number; readonly after: string | null }): Promise<InputFile[]>;
  /** How much an owner has. */
  usageOf(owner: string): Promise<{ readonly count: number; readonly sizeBytes: number }>;
  /** Its time begins anew. */
  used(id: string, nowMs: number): Promise<void>;
  /** Those that nobody has used since. */
  unusedSince(timeMs: number, limit: number): Promise<InputFile[]>;
  /** @returns whether it was there */
  remove(file: InputFile): Promise<boolean>;
}

export function inputFiles({ redis, scripts, keys }: LedgerTools): InputFiles {
  const read = async (ids: readonly string[]): Promise<InputFile[]> => {
    const texts = await Promise.all(ids.map((id) => redis.get(keys.inputFile(id))));
    return texts.filter((text) => text !== null).map((text) => JSON.parse(text) as InputFile);
  };

  const placesOf = ({ id, owner }: InputFile) => [
    keys.inputFile(id),
    keys.inputFilesOf(owner),
    keys.inputsByUse,
    keys.inputBytes,
  ];

  return {
    async create(file) {
      const { id, owner, sizeBytes, createdAtMs } = file;
      await scripts.createInput(placesOf(file), [id, owner, sizeBytes, JSON.stringify(file), createdAtMs]);
    },

    async get(id) {
      return (await read([id]))[0] ?? null;
    },

    async list(owner, { limit, after }) {
      const below = after === null ? '+' : `(${after}`;
      return read(await redis.zrevrangebylex(keys.inputFilesOf(owner), below, '-', 'LIMIT', 0, limit));
    },

    async usageOf(owner) {
      const [count, sizeBytes] = await Promise.all([
        redis.zcard(keys.inputFilesOf(owner)),
        redis.hget(keys.inputBytes, owner),
      ]);
      return { count, sizeBytes: Number(sizeBytes ?? 0) };
    },

    async used(id, nowMs) {
      await redis.zadd(keys.inputsByUse, 'XX', nowMs, id);
    },

    async unusedSince(timeMs, limit) {
      return read(await redis.zrangebyscore(keys.inputsByUse, '-inf', timeMs, 'LIMIT', 0, limit));
    },

    async remove(file) {
      return (await scripts.removeInput(placesOf(file), [file.id, file.owner, file.sizeBytes])) === 1;
    },
  };
}

import { fileURLToPath } from 'node:url';

/** The entry files of the processes. They are run, never imported: nothing imports an app. */
export interface ProgramPaths {
  readonly api: string;
  readonly worker: string;
  readonly cli: string;
}

export function programPaths(): ProgramPaths {
  const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  return {
    api: at('../../../api/src/main.ts'),
    worker: at('../../../worker/src/main.ts'),
    cli: at('../main.ts'),
  };
}

/** The folder of this installation, where `.env` and zeabur.json are. */
export function projectFolder(): string {
  return fileURLToPath(new URL('../../../..', import.meta.url));
}

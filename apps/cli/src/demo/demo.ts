import type { CommandContext } from '../command-context.ts';
import type { ExitCode } from '../problem.ts';
export async function demo(_options: { readonly out: string }, _context: CommandContext): Promise<ExitCode> {
  return 0;
}

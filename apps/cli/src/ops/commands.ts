import { type Command, Option } from 'commander';
import type { CommandContext } from '../command-context.ts';
import { type Finish, urlOption, wholeNumber } from '../command-options.ts';

const commands = {
  overview: async () => (await import('./overview.ts')).overview,
  failures: async () => (await import('./failures.ts')).failures,
  search: async () => (await import('./search.ts')).search,
  retry: async () => (await import('./retry.ts')).retry,
  dispatch: () => import('./dispatch.ts'),
};

/** The operators' console, for those who live in a terminal. */
export function addOperatorCommands(program: Command, context: CommandContext, finish: Finish): void {
  const ops = program.command('ops').description('see what failed in a running service, and put it right');
  withOperatorOptions(ops.command('overview'))
    .description('is it healthy, what is it doing, what needs you; ends with 1 while something is critical')
    .action(async (options) => finish(await (await commands.overview())(options, context)));
  withOperatorOptions(ops.command('failures'))
    .description('what is failed now, by cause')
    .option('--hours <number>', 'how far back', wholeNumber(1, 24 * 3650), 24 * 7)
    .action(async (options) => finish(await (await commands.failures())(options, context)));
  withJobConditions(withOperatorOptions(ops.command('search')))
    .description("everybody's jobs by any id, owner, or words of the prompt")
    .argument('[words...]')
    .addOption(new Option('--status <status>').choices(['queued', 'in_progress', 'completed', 'failed']))
    .option('--limit <number>', 'how many', wholeNumber(1, 100), 20)
    .option('--after <id>', 'continue after this job')
    .action(async (words: string[], options) => finish(await (await commands.search())(words, options, context)));
  withJobConditions(withOperatorOptions(ops.command('retry')))
    .description('send failed jobs again: shows first what that would do and cost')
    .argument('[ids...]')
    .option('--yes', 'do it', false)
    .option('--confirm-cost', 'also jobs that may have been billed', false)
    .option('--reason <text>', 'for the audit log')
    .action(async (ids: string[], options) => finish(await (await commands.retry())(ids, options, context)));
  withOperatorOptions(ops.command('pause'))
    .description('send nothing more to the provider')
    .argument('<reason>', 'shown to everybody whose job waits')
    .option('--minutes <number>', 'until then; without it, until somebody resumes', wholeNumber(1, 100_000))
    .action(async (reason: string, options) =>
      finish(await (await commands.dispatch()).pauseDispatch(reason, options, context)),
    );
  withOperatorOptions(ops.command('resume'))
    .description('go on sending')
    .action(async (options) => finish(await (await commands.dispatch()).resumeDispatch(options, context)));
}

function withOperatorOptions(command: Command): Command {
  const key = new Option('--key <operator key>', 'default: VIDEO_PROXY_OPS_KEY, else OPS_KEY');
  return command.addOption(urlOption()).addOption(key).option('--json', 'print the answer as JSON', false);
}

function withJobConditions(command: Command): Command {
  return command
    .option('--group <id>', 'of this failure group')
    .option('--code <code>', 'failed of this')
    .option('--owner <owner>', 'client, or client/user')
    .option('--model <id>', 'only this model');
}

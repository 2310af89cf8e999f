import { Command, CommanderError, Option } from 'commander';
import type { CommandContext } from './command-context.ts';
import { collect, type Finish, keyOption, seconds, urlOption, wholeNumber } from './command-options.ts';
import { defaultModel } from './generate/default-model.ts';
import { addOperatorCommands } from './ops/commands.ts';
import { type ExitCode, exitCodes } from './problem.ts';

/** Runs one command line and resolves with its exit code; rejects with a Problem where a person has to act. */
export async function runCli(args: readonly string[], context: CommandContext): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = buildProgram(context, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    // It has printed what is wrong, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    // Loaded when there is something to say: most commands end well.
    throw (await import('./client/problem-in-words.ts')).problemInWords(error);
  }
  return exitCode;
}

/** Each command is loaded when it is called: `jobs list` does not wait for the code of a sandbox server. */
const commands = {
  start: async () => (await import('./start/start.ts')).start,
  demo: async () => (await import('./demo/demo.ts')).demo,
  doctor: async () => (await import('./doctor/doctor.ts')).doctor,
  generate: async () => (await import('./generate/generate.ts')).generate,
  jobs: () => import('./jobs/jobs.ts'),
  sandbox: async () => (await import('./sandbox/run-sandbox.ts')).runSandbox,
};

function buildProgram(context: CommandContext, finish: Finish): Command {
  const program = new Command('video-proxy')
    .description('Self-hosted orchestrator for AI video generation: run it, use it, diagnose it.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.out.write(text),
      writeErr: (text) => context.terminal.err.write(text),
    })
    .showHelpAfterError('(video-proxy --help shows what there is)');

  program
    .command('start')
    .description('run API and worker, and a private Redis and the sandbox where the settings name none')
    .action(async () => finish(await (await commands.start())(context)));
  program
    .command('demo')
    .description('make one video in the sandbox, from submission to a saved file; costs nothing')
    .option('--out <file>', 'where to save the video', 'video-proxy-demo.mp4')
    .action(async (options) => finish(await (await commands.demo())(options, context)));
  program
    .command('doctor')
    .description('find out what is wrong: key, provider, Redis, workers, settings')
    .option('--model <id>', 'check this model id instead of DEFAULT_MODEL')
    .addOption(urlOption())
    .addOption(keyOption())
    .option('--json', 'print the findings as JSON', false)
    .action(async (options) => finish(await (await commands.doctor())(options, context)));

  addClientCommands(program, context, finish);
  addOperatorCommands(program, context, finish);

  program
    .command('sandbox')
    .description('run the simulated provider alone, for tests of other programs')
    .option('--host <address>', 'where to listen', '127.0.0.1')
    .option('--port <number>', 'where to listen; 0 takes any free port', wholeNumber(0, 65_535), 0)
    .option('--seconds <number>', 'how long a generation takes', seconds)
    .option('--journal <file>', 'keep generations over a restart in this file')
    .addOption(new Option('--supervised').default(false).hideHelp())
    .action(async (options) => finish(await (await commands.sandbox())(options, context)));
  return program;
}

/** Commands that talk to a running service. */
function addClientCommands(program: Command, context: CommandContext, finish: Finish): void {
  withClientOptions(program.command('generate'))
    .description('make a video with a running service and save it')
    .argument('<prompt>', 'what to show')
    .option('--model <id>', 'video model', defaultModel)
    .option('--param <name=value>', "one of the model's own parameters; repeatable", collect, [])
    .option('--out <file>', 'where to save the video (default: <job id>.mp4)')
    .option('--no-wait', 'print the job id and end; the service goes on')
    .action(async (prompt: string, options) => finish(await (await commands.generate())(prompt, options, context)));

  const jobs = program.command('jobs').description('look at and act on the jobs of a running service');
  withClientOptions(jobs.command('list'))
    .description('newest first')
    .addOption(new Option('--status <status>').choices(['queued', 'in_progress', 'completed', 'failed']))
    .option('--model <id>', 'only this model')
    .option('--limit <number>', 'how many', wholeNumber(1, 100), 20)
    .option('--after <id>', 'continue after this job')
    .action(async (options) => finish(await (await commands.jobs()).listJobs(options, context)));
  withClientOptions(jobs.command('show'))
    .description('everything about one job')
    .argument('<id>')
    .action(async (id: string, options) => finish(await (await commands.jobs()).showJob(id, options, context)));
  withClientOptions(jobs.command('watch'))
    .description('follow a job to its end')
    .argument('<id>')
    .option('--out <file>', 'save the video when it is there')
    .action(async (id: string, options) => finish(await (await commands.jobs()).watch(id, options, context)));
  withClientOptions(jobs.command('cancel'))
    .description('stop waiting for a job')
    .argument('<id>')
    .action(async (id: string, options) => finish(await (await commands.jobs()).cancelJob(id, options, context)));
  withClientOptions(jobs.command('retry'))
    .description('try a failed or cancelled job again')
    .argument('<id>')
    .option('--confirm-cost', 'yes, although the last attempt may have been billed', false)
    .action(async (id: string, options) => finish(await (await commands.jobs()).retryJob(id, options, context)));
  withClientOptions(jobs.command('recheck'))
    .description('ask the provider once more about a failed or cancelled job; never starts another one')
    .argument('<id>')
    .action(async (id: string, options) => finish(await (await commands.jobs()).recheckJob(id, options, context)));
}

function withClientOptions(command: Command): Command {
  return command.addOption(urlOption()).addOption(keyOption()).option('--json', 'print the answer as JSON', false);
}

#!/usr/bin/env node
import { Command, CommanderError } from 'commander';
import { calibrateCommand } from './calibrate.ts';
import { type CliContext, CliError, exitCodes } from './context.ts';
import { doctorCommand } from './doctor.ts';
import { evalCommand } from './eval.ts';
import { judgeCommand } from './judge.ts';
import { logCommand } from './log.ts';
import { mineCommand } from './mine.ts';
import { panelCommand } from './panel.ts';
import { openSandbox } from './parts.ts';
import { playCommand } from './play.ts';
import { proposeCommand } from './propose.ts';
import { reportCommand } from './report.ts';
import { reviewCommand } from './review.ts';
import { sandboxCommand } from './sandbox.ts';
import { schemaCommand } from './schema.ts';
import { solveCommand } from './solve.ts';
import { tasksCommand } from './tasks.ts';
import { traceCommand } from './trace.ts';
import { trainCommand } from './train.ts';

const introduction = `A local model that teaches itself your codebase. For Python code.

Mines a folder for functions that run, lets a local Ollama model propose and solve tasks about them,
and checks every claim by executing it in a sandbox. Nothing leaves this machine.`;

const guide = `
The main job:        autodidact play FOLDER
Parts of it, piped:  autodidact mine FOLDER --ndjson | autodidact solve --kind deduction | autodidact judge
What is missing:     autodidact doctor

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 something is missing (named), 130 interrupted.`;

/** Runs one command line; resolves to the exit code. */
async function main(argv: readonly string[], context: CliContext): Promise<number> {
  const program = new Command('autodidact')
    .description(introduction)
    .addHelpText('after', guide)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
    });
  const commands = [
    playCommand(context),
    mineCommand(context, openSandbox),
    proposeCommand(context),
    solveCommand(context, openSandbox),
    judgeCommand(context, openSandbox),
    evalCommand(context, openSandbox),
    calibrateCommand(context, openSandbox),
    trainCommand(context),
    tasksCommand(context),
    traceCommand(context),
    logCommand(context),
    reportCommand(context),
    reviewCommand(context, openSandbox),
    panelCommand(context),
    sandboxCommand(context, openSandbox),
    schemaCommand(context),
    doctorCommand(context),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  try {
    await program.parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
    if (context.signal.aborted) {
      context.stderr.write('Stopped.\n');
      return exitCodes.interrupted;
    }
    if (!(error instanceof CliError)) throw error;
    context.stderr.write(`${error.message}\n`);
    return exitCodes[error.reason];
  }
}

const interrupt = new AbortController();
let interruptedAt = Number.NEGATIVE_INFINITY;
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // A later one is for a person who does not want to wait; one key can reach us twice, through our parent as well.
    if (performance.now() - interruptedAt > 1_000 && interrupt.signal.aborted)
      process.exit(exitCodes.interrupted);
    if (!interrupt.signal.aborted) interruptedAt = performance.now();
    interrupt.abort();
  });
}
// Whoever started us with a channel wants us to end with them.
process.once('disconnect', () => interrupt.abort());
process.channel?.unref();
// A reader that goes away (`| head`) ends us quietly, as it does any filter.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const { stdin, stdout, stderr, env } = process;
try {
  const signal = interrupt.signal;
  process.exitCode = await main(process.argv.slice(2), {
    stdin,
    stdout,
    stderr,
    cwd: process.cwd(),
    env,
    signal,
  });
} catch (error) {
  stderr.write(
    `autodidact stopped on an error of its own: ${error instanceof Error ? error.stack : String(error)}\n`,
  );
  process.exitCode = exitCodes.failed;
}
// A pipe that is still open to read from would keep the process alive after the last command is done.
stdin.destroy();

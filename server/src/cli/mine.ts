import { Command, Option } from 'commander';
import { mine } from '../mining/mine.ts';
import { askingEnd } from '../mining/mine-event.ts';
import { interpreterOf } from '../sandbox/folder-python.ts';
import { type CliContext, CliError } from './context.ts';
import { counted } from './counted.ts';
import { failureMessage } from './failure.ts';
import { Explanation } from './mine-explain.ts';
import { MineReport } from './mine-report.ts';
import { writeRecord } from './ndjson.ts';
import {
  backendOption,
  keepOption,
  modelOption,
  offlineOption,
  packagesOption,
  pythonOption,
  sourcesOption,
  splitOption,
} from './options.ts';
import { existingFolder, type OpenSandbox, type SandboxFlags } from './parts.ts';
import { progressLine } from './progress-line.ts';
import { goesOnWithout, proposingModel } from './proposing-model.ts';
import { type MiningFlags, miningSettings } from './settings.ts';

const help = `
Naming a folder is consent to run its functions, in the sandbox only. Calls are taken from doctests, tests and code,
and made up where these are few (--sources); what each returns is found by executing it. With the source model, the
model is asked where there are still few; without one, mining goes on. With --ndjson, one JSON object per seed: id, program, entry, call, output,
provenance, backend. Without it, a list of the functions and how many seeds each gave.

Example: autodidact mine . --ndjson | autodidact solve --kind deduction | autodidact judge`;

interface MineFlags extends SandboxFlags, MiningFlags {
  readonly ndjson: boolean;
  readonly explain?: string;
  readonly report: boolean;
  readonly model: string;
  readonly offline: boolean;
  readonly keep: boolean;
}

/** `autodidact mine`: the seeds of a folder. */
export function mineCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  return new Command('mine')
    .description('find functions that run, with calls and verified outputs')
    .argument('<folder>', 'the workspace')
    .option('--ndjson', 'write the seeds as JSON lines', false)
    .addOption(
      new Option(
        '--explain <symbol>',
        'tell of one function what was tried and why: name or FILE:NAME',
      ).conflicts('report'),
    )
    .option('--report', 'tell in tables where seeds come from and what is lost', false)
    .addOption(sourcesOption())
    .addOption(modelOption())
    .addOption(offlineOption())
    .addOption(keepOption())
    .addOption(splitOption())
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .addHelpText('after', help)
    .action((named: string, flags: MineFlags) => mineFolder(named, flags, context, openSandbox));
}

async function mineFolder(
  named: string,
  { ndjson, explain, report, ...flags }: MineFlags,
  context: CliContext,
  openSandbox: OpenSandbox,
): Promise<void> {
  const { env, stdout, stderr, signal } = context;
  const folder = await existingFolder(named, context);
  const sandbox = await openSandbox({ ...flags, folder }, context).catch(failureMessage);
  const progress = progressLine(stderr);
  const mined = new MineReport();
  const explanation = new Explanation();
  const model = proposingModel(flags, context);
  const options = {
    folder,
    ...miningSettings(flags),
    recording: { python: await interpreterOf(flags.python ?? '', folder), env },
    proposing: { proposer: model.proposer },
    sandbox,
    ...(explain === undefined ? {} : { explain }),
  };
  try {
    for await (const event of mine(options, signal)) {
      if (event.type === 'found' && event.files === 0) throw noFiles(folder, event.skipped);
      mined.add(event);
      if (explain !== undefined) explanation.add(event);
      const end = askingEnd(event);
      if (end !== undefined) progress.done(goesOnWithout(end));
      if (ndjson && event.type === 'seed') await writeRecord(stdout, event.seed, signal);
      const tests = mined.tests === 0 ? '' : `${counted(mined.tests, 'test file')} run, `;
      progress.update(`${mined.files} of ${mined.found} files read, ${tests}${mined.seeds} seeds`);
    }
    progress.done();
    if (explain !== undefined) {
      if (explanation.isEmpty) throw noFunction(explain, folder);
      // Beside records it is for people.
      (ndjson ? stderr : stdout).write(explanation.text);
      return;
    }
    if (!ndjson && !report) for (const [unit, seeds] of mined.byUnit) stdout.write(`${seeds}\t${unit}\n`);
    if (report) (ndjson ? stderr : stdout).write(mined.text);
    else stderr.write(mined.summary);
  } catch (error) {
    progress.done();
    if (signal.aborted) {
      stderr.write(
        `${mined.summary}Interrupted. What was written is whole; the same command starts again.\n`,
      );
    }
    failureMessage(error);
  } finally {
    await model.close();
    await sandbox.close();
  }
}

function noFiles(folder: string, skipped: number): CliError {
  const why =
    skipped === 0
      ? ''
      : ` Passed over as ignored, hidden or not its own: ${counted(skipped, 'file or folder')}.`;
  return new CliError(
    'missing',
    `There are no Python files in ${folder}.${why} Name the folder that holds the code.`,
  );
}

function noFunction(symbol: string, folder: string): CliError {
  return new CliError(
    'missing',
    `There is no function or method ${symbol} in ${folder}. Name it as in its file, NAME or CLASS.NAME, or FILE:NAME.`,
  );
}

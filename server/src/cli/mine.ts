import { Command } from 'commander';
import type { Seed } from '../../../protocol/seed.ts';
import { type Loss, losses } from '../mining/losses.ts';
import { mine } from '../mining/mine.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { writeRecord } from './ndjson.ts';
import { backendOption, pythonOption, sourcesOption, splitOption } from './options.ts';
import { existingFolder, type OpenSandbox, type SandboxFlags } from './parts.ts';
import { progressLine } from './progress-line.ts';
import { type MiningFlags, miningSettings } from './settings.ts';

const help = `
Naming a folder is consent to run its functions, in the sandbox only. Calls are taken from doctests, tests and code,
and made up where these are few (--sources); what each returns is found by executing it. With --ndjson, one JSON object per seed: id, program, entry, call, output,
provenance, backend. Without it, a list of the functions and how many seeds each gave.

Example: autodidact mine . --ndjson | autodidact solve --kind deduction | autodidact judge`;

interface MineFlags extends SandboxFlags, MiningFlags {
  readonly ndjson: boolean;
}

/** `autodidact mine`: the seeds of a folder. */
export function mineCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  return new Command('mine')
    .description('find functions that run, with calls and verified outputs')
    .argument('<folder>', 'the workspace')
    .option('--ndjson', 'write the seeds as JSON lines', false)
    .addOption(sourcesOption())
    .addOption(splitOption())
    .addOption(backendOption())
    .addOption(pythonOption())
    .addHelpText('after', help)
    .action((named: string, flags: MineFlags) => mineFolder(named, flags, context, openSandbox));
}

/** What was mined so far. */
interface Tally {
  files: number;
  found: number;
  units: number;
  seeds: number;
  /** Seeds by unit, each with the place where it stands. */
  readonly byUnit: Map<string, number>;
  readonly lost: Map<Loss, number>;
}

async function mineFolder(
  named: string,
  { ndjson, ...flags }: MineFlags,
  context: CliContext,
  openSandbox: OpenSandbox,
): Promise<void> {
  const { stdout, stderr, signal } = context;
  const folder = await existingFolder(named, context);
  const sandbox = await openSandbox({ ...flags, folder }, context).catch(failureMessage);
  const progress = progressLine(stderr);
  const tally: Tally = { files: 0, found: 0, units: 0, seeds: 0, byUnit: new Map(), lost: new Map() };
  try {
    for await (const event of mine({ folder, ...miningSettings(flags), sandbox }, signal)) {
      if (event.type === 'found') {
        if (event.files === 0) throw noFiles(folder, event.skipped);
        tally.found = event.files;
      } else if (event.type === 'file') {
        tally.files++;
        tally.units += event.units;
      } else if (event.type === 'loss') {
        tally.lost.set(event.loss, (tally.lost.get(event.loss) ?? 0) + 1);
      } else {
        countSeed(tally, event.seed);
        if (ndjson) await writeRecord(stdout, event.seed, signal);
      }
      progress.update(`${tally.files} of ${tally.found} files read, ${tally.seeds} seeds`);
    }
    progress.done();
    if (!ndjson) for (const [unit, seeds] of tally.byUnit) stdout.write(`${seeds}\t${unit}\n`);
    stderr.write(summary(tally));
  } catch (error) {
    progress.done();
    if (signal.aborted) {
      stderr.write(
        `${summary(tally)}Interrupted. What was written is whole; the same command starts again.\n`,
      );
    }
    failureMessage(error);
  } finally {
    await sandbox.close();
  }
}

function countSeed(tally: Tally, { entry, provenance }: Seed): void {
  const unit = `${provenance.file}:${provenance.line}\t${entry}`;
  tally.seeds++;
  tally.byUnit.set(unit, (tally.byUnit.get(unit) ?? 0) + 1);
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

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** For people: what was found, and what was lost by reason, the commonest first. */
function summary({ files, units, seeds, byUnit, lost }: Tally): string {
  const reasons = [...lost].sort(([, a], [, b]) => b - a);
  const width = Math.max(0, ...reasons.map(([, count]) => String(count).length));
  const lines = reasons.map(
    ([loss, count]) => `  ${String(count).padStart(width)}  ${loss}: ${losses[loss]}\n`,
  );
  const lostLine = reasons.length === 0 ? '' : `Not mined, by reason:\n${lines.join('')}`;
  return `${counted(seeds, 'seed')} from ${byUnit.size} of ${counted(units, 'function')} and methods in ${counted(files, 'file')}.\n${lostLine}`;
}

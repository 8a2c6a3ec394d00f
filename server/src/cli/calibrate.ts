import os from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { modelInfo } from '../evaluation/ask-models.ts';
import { calibrate } from '../evaluation/calibration/calibrate.ts';
import { cellItems } from '../evaluation/calibration/items.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import { type Sandbox, tellSandbox } from '../sandbox/sandbox.ts';
import { Archive } from '../selfplay/archive.ts';
import { choices } from '../selfplay/choices.ts';
import { divideTasks } from '../selfplay/divide-tasks.ts';
import { prepare } from '../selfplay/prepare.ts';
import { namedPreset } from '../selfplay/presets/named-preset.ts';
import { knownIn } from '../selfplay/validate.ts';
import type { Store } from '../store/store.ts';
import { calibrationText } from './calibration-text.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { checkJsonPlace, writeJson } from './json-file.ts';
import {
  backendOption,
  keepOption,
  modelOption,
  offlineOption,
  packagesOption,
  positiveNumber,
  pythonOption,
  randomSeedOption,
  storeOption,
  wholeNumber,
} from './options.ts';
import { existingFolder, type OpenSandbox, openFolderStore, readyModel, type SandboxFlags } from './parts.ts';
import { progressLine } from './progress-line.ts';
import { miningSettings } from './settings.ts';

interface CalibrateFlags extends SandboxFlags {
  readonly model: string;
  readonly samples: number;
  readonly minutes: number;
  readonly randomSeed: number;
  readonly json?: string;
  readonly store?: string;
  readonly offline: boolean;
  readonly keep: boolean;
}

const help = `
Asks the model the same questions in each style (a Python session that it continues, a page of questions, its own chat
template; with a short reasoning or without; with 0, 1 or 3 worked examples) and keeps the best style of each cell in the
folder's records, for this model. \`play\`, \`propose\`, \`eval\` and \`solve --folder\` then ask in it. Questions are of what is
learnt from only. What was counted is kept when it is interrupted, and gone on with.

Example: autodidact calibrate . --model smollm2:135m --minutes 20 --json calibration.json`;

/** Questions of a cell: more make narrower intervals, and take long. */
const mostSamples = 512;

/** `autodidact calibrate`: finds how a model is best asked. */
export function calibrateCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  return new Command('calibrate')
    .description('find by measurement how a model is best asked, and keep that for it')
    .argument('[folder]', 'the workspace', '.')
    .addOption(modelOption())
    .addOption(
      new Option(
        '--samples <number>',
        `questions that the last styles of a cell are put, at most ${mostSamples}`,
      )
        .argParser(sampleCount)
        .default(16),
    )
    .addOption(
      new Option('--minutes <number>', 'ask for so long at most').argParser(positiveNumber).default(10),
    )
    .addOption(randomSeedOption().default(1))
    .option('--json <file>', 'write there what is printed')
    .addOption(storeOption())
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .addOption(offlineOption())
    .addOption(keepOption())
    .addHelpText('after', help)
    .action(async (named: string, flags: CalibrateFlags) => {
      const folder = await existingFolder(named, context);
      if (flags.json !== undefined) await checkJsonPlace(flags.json, context.cwd);
      const sandbox = await openSandbox({ ...flags, folder }, context).catch(failureMessage);
      context.stderr.write(`Programs run in ${tellSandbox(sandbox)}.\n`);
      try {
        const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
        try {
          await calibrateIn(folder, store, sandbox, flags, context);
        } finally {
          await store.close();
        }
      } finally {
        await sandbox.close();
      }
    });
}

async function calibrateIn(
  folder: string,
  store: Store,
  sandbox: Sandbox,
  flags: CalibrateFlags,
  context: CliContext,
): Promise<void> {
  const { signal } = context;
  const onEvent = () => undefined;
  await prepare({ folder, ...miningSettings() }, { store, sandbox, onEvent }, signal).catch(failureMessage);
  const { tasks, heldOut } = await divideTasks(await store.tasks({ state: 'open' }), signal);
  const archive = new Archive(tasks);
  await archive.reviewed.refresh(store);
  if (archive.references().length === 0) {
    throw new CliError(
      'missing',
      `Nothing in ${folder} can be asked about. Mine code with known calls first.`,
    );
  }
  const items = await cellItems(
    flags.samples,
    {
      tasks,
      archive,
      heldOut,
      isKnown: knownIn(store),
      sandbox,
      trivial: trivialContext(tasks),
      preset: namedPreset('autodidact'),
      choices: choices(flags.randomSeed),
      now: () => new Date().toISOString(),
    },
    signal,
  ).catch(failureMessage);
  const ready = await readyModel(flags.model, flags, context).catch(failureMessage);
  const line = progressLine(context.stderr);
  // The model generates meanwhile; it slows down tenfold where it has to share its last processor.
  sandbox.share(Math.max(1, os.availableParallelism() - 1));
  try {
    const { endpoint, revive } = ready;
    const onAsked = (count: number, round: number) =>
      line.update(`Calibrating: ${count} questions put, round ${round}`);
    const parts = { endpoint, revive, store, backend: sandbox.backend, onAsked };
    const model = await modelInfo(endpoint, flags.model, signal);
    const { found, stopped } = await calibrate(model, items, flags, parts, signal);
    line.done();
    context.stdout.write(`${calibrationText(found)}\n`);
    if (flags.json !== undefined) await writeJson(flags.json, found, context.cwd);
    signal.throwIfAborted();
    if (stopped !== undefined) throw stopped.error;
  } catch (error) {
    signal.throwIfAborted();
    failureMessage(error);
  } finally {
    line.done();
    await ready.close();
  }
}

function sampleCount(text: string): number {
  const count = wholeNumber(text);
  if (count < 1 || count > mostSamples) throw new InvalidArgumentError(`Give 1 to ${mostSamples}.`);
  return count;
}

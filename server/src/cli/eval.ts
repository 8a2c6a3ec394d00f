import os from 'node:os';
import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { EvaluatedTask, Evaluation, LeftOut } from '../../../protocol/evaluation.ts';
import type { Backend } from '../../../protocol/sandbox.ts';
import { askModels, chosenItems, modelInfo } from '../evaluation/ask-models.ts';
import { checkItems } from '../evaluation/check-items.ts';
import { evaluation } from '../evaluation/evaluation.ts';
import { gateItems, openTest } from '../evaluation/held-out-items.ts';
import { importBounds, importSet } from '../evaluation/import-set.ts';
import type { EvaluationItem } from '../evaluation/item.ts';
import { readSource } from '../mining/files/read-source.ts';
import { type Sandbox, tellSandbox } from '../sandbox/sandbox.ts';
import { type CliContext, CliError, typed } from './context.ts';
import { counted } from './counted.ts';
import { evaluationText } from './eval-text.ts';
import { failureMessage } from './failure.ts';
import { checkJsonPlace, writeJson } from './json-file.ts';
import {
  backendOption,
  keepOption,
  modelOption,
  offlineOption,
  packagesOption,
  pythonOption,
  randomSeedOption,
  storeOption,
  wholeNumber,
} from './options.ts';
import {
  existingFolder,
  type OpenSandbox,
  openFolderStore,
  type ReadyModel,
  readyModel,
  type SandboxFlags,
} from './parts.ts';
import { progressLine } from './progress-line.ts';

interface EvalFlags extends SandboxFlags {
  readonly model: string;
  readonly against?: string;
  readonly on: string;
  readonly k: number;
  readonly tasks?: number;
  readonly randomSeed?: number;
  readonly json?: string;
  readonly store?: string;
  readonly offline: boolean;
  readonly keep: boolean;
}

const help = `
Asks the model each task once greedily and k times at temperature 1, judges the answers, and tells how many are right,
with intervals. Nothing of it is kept for training. With --against, the two models are compared on the same tasks.

--on takes
  gate   what mining held out of FOLDER to measure on (the default)
  test   what it held out for final results only; each opening is written into the audit log
  FILE   one JSON object a line: {code, input, output, id} as CRUXEval's, or {id, program, entry, call, output} as
         \`mine --ndjson\` and \`tasks --ndjson\` write them (a file called gate or test: ./gate)

Example: autodidact eval . --model smollm2:135m --against autodidact-smollm2:1a2b3c --json evaluation.json`;

/** More samples of a task than this tell little more, and take long. */
const mostSamples = 64;

/** `autodidact eval`: measures models on what they were not trained on. */
export function evalCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  return new Command('eval')
    .description('measure a model on held-out tasks or on a file of tasks, or compare two models')
    .argument('[folder]', 'the workspace', '.')
    .addOption(modelOption())
    .option('--against <name>', 'a second model, compared with the first')
    .option('--on <set>', 'gate, test, or a file of tasks', 'gate')
    .addOption(
      new Option('--k <number>', `samples of each task; 0 asks greedily only, at most ${mostSamples}`)
        .argParser(sampleCount)
        .default(8),
    )
    .addOption(
      new Option('--tasks <number>', 'ask only so many, drawn by the random seed').argParser(wholeNumber),
    )
    .addOption(randomSeedOption().default(1))
    .option('--json <file>', 'write there what is printed, with each answer and verdict')
    .addOption(storeOption())
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .addOption(offlineOption())
    .addOption(keepOption())
    .addHelpText('after', help)
    .action(async (named: string, flags: EvalFlags) => {
      const folder = await existingFolder(named, context);
      if (flags.against === flags.model)
        throw new CliError('usage', '--against names the same model. Name another one.');
      if (flags.json !== undefined) await checkJsonPlace(flags.json, context.cwd);
      const sandbox = await openSandbox({ ...flags, folder }, context).catch(failureMessage);
      context.stderr.write(`Programs run in ${tellSandbox(sandbox)}.\n`);
      try {
        await evaluateOn(await loadSet(folder, sandbox.backend, flags, context), sandbox, flags, context);
      } finally {
        await sandbox.close();
      }
    });
}

/** The tasks that a person named, and where they are from. */
type LoadedSet = Pick<Evaluation, 'on' | 'source' | 'faults'> & { readonly items: readonly EvaluationItem[] };

async function loadSet(
  folder: string,
  here: Backend,
  flags: EvalFlags,
  context: CliContext,
): Promise<LoadedSet> {
  const { on } = flags;
  return on === 'gate' || on === 'test'
    ? loadHeldOut(on, folder, flags, context)
    : loadFile(path.resolve(context.cwd, on), here, context);
}

async function loadHeldOut(
  on: 'gate' | 'test',
  folder: string,
  flags: EvalFlags,
  context: CliContext,
): Promise<LoadedSet> {
  const { model, against, k, randomSeed = 1 } = flags;
  const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
  try {
    const models = against === undefined ? [model] : [model, against];
    const items =
      on === 'gate'
        ? await gateItems(store).catch(failureMessage)
        : await openTest(store, { folder, models, k, randomSeed }).catch(failureMessage);
    if (on === 'test') {
      context.stderr.write(
        `The test split of ${folder} is opened: ${counted(items.length, 'task')}. This is written into the audit log.\n`,
      );
    }
    if (items.length === 0) {
      const { tasks } = await store.counts();
      const why = tasks === 0 ? 'holds no tasks yet' : `holds out no open task for ${on}`;
      const todo = typed(`play ${path.relative(context.cwd, folder) || '.'} --split unit`, context.env);
      throw new CliError('missing', `${store.path} ${why}. Mine the folder first: ${todo}`);
    }
    return { on, source: store.path, items, faults: { count: 0, first: [] } };
  } finally {
    await store.close();
  }
}

async function loadFile(file: string, here: Backend, { stderr, signal }: CliContext): Promise<LoadedSet> {
  const read = await readSource(file, importBounds.fileBytes, signal);
  if (!read.ok) {
    throw new CliError(
      'missing',
      `${file} cannot be read: ${read.detail}. Give gate, test, or a file of tasks.`,
    );
  }
  const { items, faults } = importSet(file, read.source, here);
  for (const { line, detail } of faults.first) stderr.write(`${file}:${line} gives no task: ${detail}\n`);
  const untold = faults.count - faults.first.length;
  if (untold > 0) stderr.write(`${counted(untold, 'further line')} gave none either.\n`);
  if (items.length === 0) {
    throw new CliError(
      'missing',
      `There are no tasks in ${file}. See what a line needs: ${'autodidact eval --help'}`,
    );
  }
  return { on: 'file', source: file, items, faults };
}

async function evaluateOn(
  { items: all, ...set }: LoadedSet,
  sandbox: Sandbox,
  flags: EvalFlags,
  context: CliContext,
): Promise<void> {
  const { stderr, stdout, signal, cwd } = context;
  const { k, randomSeed = 1 } = flags;
  const startedAt = new Date().toISOString();
  const chosen = chosenItems(all, flags.tasks ?? all.length, randomSeed);
  const line = progressLine(stderr);
  const onChecked = (count: number) => line.update(`Checking: ${count} of ${chosen.length} tasks run`);
  const checked = await checkItems(chosen, sandbox, onChecked, signal).catch(failureMessage);
  line.done();
  const tasks: EvaluatedTask[] = [];
  const leftOut: LeftOut[] = [...checked.leftOut];
  const names = flags.against === undefined ? [flags.model] : [flags.model, flags.against];
  const ready: ReadyModel[] = [];
  let stopped: { readonly error: unknown } | undefined;
  try {
    for (const name of names) ready.push(await readyModel(name, flags, context).catch(failureMessage));
    const [{ endpoint, revive } = missingModel()] = ready;
    const asked = await Promise.all(names.map((name) => modelInfo(endpoint, name, signal))).catch(
      failureMessage,
    );
    // The model generates meanwhile; it slows down tenfold where it has to share its last processor.
    sandbox.share(Math.max(1, os.availableParallelism() - 1));
    try {
      const parts = { endpoint, sandbox, revive };
      for await (const one of askModels(checked.items, asked, { k, randomSeed }, parts, signal)) {
        if (one.type === 'result') tasks.push(one.result);
        else leftOut.push(one.leftOut);
        const right = tasks.filter(({ greedy }) => greedy.verdict.verdict === 'right').length;
        line.update(
          `Asking: ${tasks.length} of ${checked.items.length * names.length} tasks, ${right} right greedily`,
        );
      }
    } catch (error) {
      stopped = { error };
    }
    line.done();
    const endedAt = new Date().toISOString();
    const about = { ...set, startedAt, endedAt, partial: stopped !== undefined, k, randomSeed };
    const finished = evaluation({
      ...about,
      planned: checked.items.length,
      backend: sandbox.backend,
      leftOut,
      tasks,
      asked,
    });
    if (tasks.length > 0 || leftOut.length > 0) {
      stdout.write(`${evaluationText(finished)}\n`);
      if (flags.json !== undefined) await writeJson(flags.json, finished, cwd);
    }
  } finally {
    line.done();
    for (const each of ready) await each.close();
  }
  signal.throwIfAborted();
  if (stopped !== undefined) failureMessage(stopped.error);
  if (tasks.length === 0) throw new CliError('failed', 'No task could be asked. Why stands above.');
}

function missingModel(): never {
  throw new RangeError('No model was named.');
}

function sampleCount(text: string): number {
  const count = wholeNumber(text);
  if (count > mostSamples) throw new InvalidArgumentError(`Give ${mostSamples} at most.`);
  return count;
}

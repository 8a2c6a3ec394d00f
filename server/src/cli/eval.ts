import os from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { EvaluatedTask, LeftOut } from '../../../protocol/evaluation.ts';
import { isRight } from '../../../protocol/judge.ts';
import { askModels, chosenItems, modelInfo } from '../evaluation/ask-models.ts';
import { type CheckedItems, checkItems } from '../evaluation/check-items.ts';
import { evaluation } from '../evaluation/evaluation.ts';
import type { ModelInfo } from '../model/endpoint.ts';
import { type Sandbox, tellSandbox } from '../sandbox/sandbox.ts';
import type { Styles } from '../tasks/styles/style.ts';
import { type CliContext, CliError } from './context.ts';
import { type LoadedSet, loadSet } from './eval-set.ts';
import { evaluationText } from './eval-text.ts';
import { failureMessage } from './failure.ts';
import { folderStyles } from './folder-styles.ts';
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
  toolsOption,
  wholeNumber,
} from './options.ts';
import { existingFolder, type OpenSandbox, type ReadyModel, readyModel, type SandboxFlags } from './parts.ts';
import { progressLine } from './progress-line.ts';

interface EvalFlags extends SandboxFlags {
  readonly model: string;
  readonly against?: string;
  readonly on: string;
  readonly k: number;
  readonly tasks?: number;
  readonly randomSeed: number;
  readonly tools: boolean;
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
    .addOption(toolsOption().default(false))
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
      if (flags.json !== undefined) await checkJsonPlace(flags.json, context.cwd);
      const sandbox = await openSandbox({ ...flags, folder }, context).catch(failureMessage);
      context.stderr.write(`Programs run in ${tellSandbox(sandbox)}.\n`);
      try {
        const models = flags.against === undefined ? [flags.model] : [flags.model, flags.against];
        const set = await loadSet(folder, sandbox.backend, { ...flags, models }, context);
        await evaluateOn(folder, set, sandbox, flags, context);
      } finally {
        await sandbox.close();
      }
    });
}

async function evaluateOn(
  folder: string,
  set: LoadedSet,
  sandbox: Sandbox,
  flags: EvalFlags,
  context: CliContext,
): Promise<void> {
  const { stderr, signal } = context;
  const chosen = chosenItems(set.items, flags.tasks ?? set.items.length, flags.randomSeed);
  const line = progressLine(stderr);
  const onChecked = (count: number) => line.update(`Checking: ${count} of ${chosen.length} tasks run`);
  const checked = await checkItems(chosen, sandbox, onChecked, signal).catch(failureMessage);
  line.done();
  const first = await readyModel(flags.model, flags, context).catch(failureMessage);
  const { against } = flags;
  try {
    // The second one is on the same server: it is only seen to.
    if (against !== undefined)
      await (await readyModel(against, flags, context).catch(failureMessage)).close();
    const names = against === undefined ? [flags.model] : [flags.model, against];
    const models = await namedModels(names, first, signal);
    const styles = await folderStyles(folder, flags.store, models, context).catch(failureMessage);
    await askAll({ set, checked, models, styles, sandbox, ready: first, line }, flags, context);
  } finally {
    line.done();
    await first.close();
  }
}

/** Rejects with `usage` where two names mean one model. */
async function namedModels(
  names: readonly string[],
  { endpoint }: ReadyModel,
  signal: AbortSignal,
): Promise<readonly ModelInfo[]> {
  const models: ModelInfo[] = [];
  for (const name of names) models.push(await modelInfo(endpoint, name, signal).catch(failureMessage));
  const [first, second] = models;
  if (first !== undefined && first.name === second?.name)
    throw new CliError('usage', '--against names the same model. Name another one.');
  return models;
}

interface Asking {
  readonly set: LoadedSet;
  readonly checked: CheckedItems;
  readonly models: readonly ModelInfo[];
  readonly styles: ReadonlyMap<string, Styles>;
  readonly sandbox: Sandbox;
  readonly ready: ReadyModel;
  readonly line: ReturnType<typeof progressLine>;
}

/** Asks, and tells what was asked, also where it ends before its end. */
async function askAll(
  { set, checked, models, styles, sandbox, ready, line }: Asking,
  { k, randomSeed, json, tools }: EvalFlags,
  { stdout, signal, cwd }: CliContext,
): Promise<void> {
  const { items, leftOut: leftOutBefore } = checked;
  const startedAt = new Date().toISOString();
  const tasks: EvaluatedTask[] = [];
  const leftOut: LeftOut[] = [...leftOutBefore];
  let right = 0;
  let stopped: { readonly error: unknown } | undefined;
  // The model generates meanwhile; it slows down tenfold where it has to share its last processor.
  sandbox.share(Math.max(1, os.availableParallelism() - 1));
  try {
    const parts = { endpoint: ready.endpoint, sandbox, revive: ready.revive };
    for await (const one of askModels(items, models, { k, randomSeed, styles, tools }, parts, signal)) {
      if (one.type === 'left-out') leftOut.push(one.leftOut);
      else {
        tasks.push(one.result);
        right += Number(isRight(one.result.greedy.verdict));
      }
      line.update(
        `Asking: ${tasks.length} of ${items.length * models.length} tasks, ${right} right greedily`,
      );
    }
  } catch (error) {
    stopped = { error };
  }
  line.done();
  const finished = evaluation({
    on: set.on,
    source: set.source,
    startedAt,
    endedAt: new Date().toISOString(),
    partial: stopped !== undefined,
    planned: items.length,
    k,
    randomSeed,
    backend: sandbox.backend,
    faults: set.faults,
    leftOut,
    tasks,
    asked: models,
  });
  if (tasks.length > 0 || leftOut.length > 0) {
    stdout.write(`${evaluationText(finished)}\n`);
    if (json !== undefined) await writeJson(json, finished, cwd);
  }
  signal.throwIfAborted();
  if (stopped !== undefined) failureMessage(stopped.error);
  if (tasks.length === 0) throw new CliError('failed', 'No task could be asked. Why stands above.');
}

function sampleCount(text: string): number {
  const count = wholeNumber(text);
  if (count > mostSamples) throw new InvalidArgumentError(`Give ${mostSamples} at most.`);
  return count;
}

import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import type { Proposal } from '../../../protocol/group.ts';
import { type Kind, proposedKinds } from '../../../protocol/kind.ts';
import type { Task } from '../../../protocol/task.ts';
import { trivialContext } from '../judge/trivial-context.ts';
import { Archive } from '../selfplay/archive.ts';
import { playStyles } from '../selfplay/calibrated-styles.ts';
import { choices } from '../selfplay/choices.ts';
import { divideTasks } from '../selfplay/divide-tasks.ts';
import { prepare } from '../selfplay/prepare.ts';
import { namedPreset } from '../selfplay/presets/named-preset.ts';
import { chooseForm, proposeTasks } from '../selfplay/propose.ts';
import { knownIn } from '../selfplay/validate.ts';
import { kindSpec } from '../tasks/kinds.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { writeRecord } from './ndjson.ts';
import {
  backendOption,
  keepOption,
  kindOption,
  modelOption,
  offlineOption,
  packagesOption,
  pythonOption,
  randomSeedOption,
  storeOption,
  wholeNumber,
} from './options.ts';
import { existingFolder, openFolderStore, openSandbox, readyModel, type SandboxFlags } from './parts.ts';
import { miningSettings } from './settings.ts';

const help = `
Writes one JSON object per valid and new task, in the form that \`autodidact solve\` reads. With --all, the proposals that
were rejected too, each with its reason. Nothing is recorded: \`autodidact play\` does that.

A task must be worth solving:
${proposedKinds
  .map(
    (kind) =>
      `  ${kind}\n${kindSpec(kind)
        .rules.map((rule) => `    ${rule}`)
        .join('\n')}`,
  )
  .join('\n')}

Example: autodidact propose . --kind deduction --count 40 | autodidact solve | autodidact judge`;

interface ProposeFlags extends SandboxFlags {
  readonly kind: Kind;
  readonly count: number;
  readonly all: boolean;
  readonly model: string;
  readonly store?: string;
  readonly randomSeed?: number;
  readonly offline: boolean;
  readonly keep: boolean;
}

/** `autodidact propose`: the model's proposals, validated, as lines. */
export function proposeCommand(context: CliContext): Command {
  return new Command('propose')
    .description('ask the model for new tasks about a folder and check them')
    .argument('[folder]', 'the workspace', '.')
    .addOption(kindOption(proposedKinds).makeOptionMandatory())
    .addOption(
      new Option('--count <number>', 'how many proposals to ask for').argParser(wholeNumber).default(8),
    )
    .option('--all', 'write rejected proposals too', false)
    .addOption(modelOption())
    .addOption(storeOption())
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .addOption(randomSeedOption())
    .addOption(offlineOption())
    .addOption(keepOption())
    .addHelpText('after', help)
    .action((named: string, flags: ProposeFlags) => proposeLines(named, flags, context));
}

async function proposeLines(named: string, flags: ProposeFlags, context: CliContext): Promise<void> {
  const { signal } = context;
  const folder = await existingFolder(named, context);
  const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
  const sandbox = await openSandbox({ ...flags, folder }, context).catch(failureMessage);
  const { endpoint, close } = await readyModel(flags.model, flags, context).catch(failureMessage);
  try {
    await prepare({ folder, ...miningSettings() }, { store, sandbox, onEvent: () => undefined }, signal);
    const model = await endpoint.model(flags.model, signal);
    if (model === undefined)
      throw new CliError('missing', `There is no model ${flags.model}. Pull it first.`);
    const { tasks, heldOut } = await divideTasks(await store.tasks({ state: 'open' }), signal);
    const archive = new Archive(tasks);
    await archive.reviewed.refresh(store);
    const chance = choices(flags.randomSeed ?? randomInt(2 ** 31));
    const preset = namedPreset('autodidact');
    const origin = {
      schema: 1,
      runId: '',
      preset: preset.name,
      estimator: preset.estimator,
      model: { name: model.name, digest: model.digest },
      backend: sandbox.backend,
    } as const;
    const parts = {
      archive,
      heldOut,
      trivial: trivialContext(tasks),
      isKnown: knownIn(store),
      sandbox,
      endpoint,
      choices: chance,
      preset,
      styles: await playStyles(store, model.digest),
      now: () => new Date().toISOString(),
    };
    for (let asked = 0; asked < flags.count; ) {
      const chosen = chooseForm(flags.kind, archive.references(), { preset, choices: chance });
      if (chosen === undefined) {
        throw new CliError(
          'missing',
          `Nothing in ${folder} can be proposed about: mine code with known calls first.`,
        );
      }
      const proposed = await proposeTasks(flags.kind, chosen, origin, parts, signal);
      const { samples, form } = proposed.settle(new Map());
      const byId = new Map(proposed.tasks.map((task) => [task.id, task]));
      for (const sample of samples.slice(0, flags.count - asked)) {
        await writeProposal(sample, byId.get(sample.taskId ?? ''), { form, all: flags.all }, context);
      }
      for (const task of proposed.tasks) archive.add(task);
      asked += samples.length;
    }
  } catch (error) {
    failureMessage(error);
  } finally {
    await close();
    await sandbox.close();
    await store.close();
  }
}

async function writeProposal(
  { verdict, text }: Proposal,
  task: Task | undefined,
  { form, all }: { readonly form: string; readonly all: boolean },
  { stdout, signal }: CliContext,
): Promise<void> {
  if (task !== undefined) await writeRecord(stdout, { ...taskLine(task), form, ...verdict }, signal);
  else if (all) await writeRecord(stdout, { id: null, form, ...verdict, text }, signal);
}

/** A task as a line for `solve` and `judge`, where the hidden pairs are called `pairs`. */
export function taskLine(task: Task): Record<string, unknown> {
  const { id, kind, program, entry } = task;
  switch (task.kind) {
    case 'deduction':
    case 'abduction':
      return { id, kind, program, entry, call: task.call, output: task.output };
    case 'induction': {
      const { message, shown, hidden } = task;
      return { id, kind, program, entry, message, shown, pairs: hidden };
    }
    case 'explain':
      return { id, kind, program, entry, shown: task.shown, pairs: task.hidden };
  }
}

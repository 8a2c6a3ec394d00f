import Table from 'cli-table3';
import { Command } from 'commander';
import type { SolveGroup } from '../../../protocol/group.ts';
import type { Verdict } from '../../../protocol/judge.ts';
import type { Kind } from '../../../protocol/kind.ts';
import type { Task } from '../../../protocol/task.ts';
import { visibleLine, visibleText } from '../engine/visible-text.ts';
import { judged } from '../review/answer-clusters.ts';
import { share } from '../selfplay/interval.ts';
import { knownRate } from '../selfplay/known-rate.ts';
import { solveRateText } from '../selfplay/share-text.ts';
import type { Store } from '../store/store.ts';
import { type CliContext, typed } from './context.ts';
import { failureMessage } from './failure.ts';
import { findTask } from './find-task.ts';
import { writeRecord } from './ndjson.ts';
import { kindOption, storeOption } from './options.ts';
import { existingFolder, openFolderStore } from './parts.ts';
import { taskLine } from './propose.ts';

interface TasksFlags {
  readonly folder: string;
  readonly kind?: Kind;
  readonly store?: string;
  readonly ndjson: boolean;
}

/** `autodidact tasks`: what is in the store. */
export function tasksCommand(context: CliContext): Command {
  return new Command('tasks')
    .description('list the tasks of a folder, or show one')
    .argument('[id]', 'show this task; the first letters of its id are enough')
    .option('--folder <folder>', 'the workspace', '.')
    .addOption(kindOption())
    .addOption(storeOption())
    .option('--ndjson', 'one JSON object a line, as `solve` and `judge` read it', false)
    .action(async (id: string | undefined, flags: TasksFlags) => {
      const folder = await existingFolder(flags.folder, context);
      const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
      try {
        await (id === undefined ? list(store, flags, context) : show(id, store, context));
      } finally {
        await store.close();
      }
    });
}

async function list(
  store: Store,
  { kind, ndjson }: TasksFlags,
  { stdout, stderr, env, signal }: CliContext,
): Promise<void> {
  const tasks = await store.tasks(kind === undefined ? {} : { kind });
  if (ndjson) {
    for (const task of tasks) await writeRecord(stdout, taskLine(task), signal);
    return;
  }
  if (tasks.length === 0) {
    stderr.write(`There are no tasks in ${store.path} yet. Make some: ${typed('play FOLDER', env)}\n`);
    return;
  }
  const table = new Table({
    head: ['id', 'kind', 'function', 'question', 'state'],
    style: { head: [], border: [], compact: true },
  });
  for (const task of tasks) {
    table.push([
      task.id.slice(0, 8),
      task.kind,
      visibleLine(`${task.unit.file} ${task.unit.symbol}`, 200),
      visibleLine(question(task), 400),
      state(task),
    ]);
  }
  stdout.write(`${table.toString()}\n${tasks.length} tasks in ${store.path}\n`);
}

async function show(id: string, store: Store, context: CliContext): Promise<void> {
  const { stdout, env } = context;
  const task = await findTask(id, store, context);
  const groups = (await store.groups({ taskId: task.id })).filter(
    (group): group is SolveGroup => group.role === 'solve',
  );
  const attempts = groups.flatMap(({ samples }) => samples);
  const { right, of } = judged(await store.answers([task.id]));
  const rate = share(right, of);
  const { file, line, symbol, commit } = task.unit;
  const lines = [
    `${task.kind} ${task.id} · ${task.origin} · ${state(task)}`,
    `${file}:${line} ${symbol}${commit === null ? '' : ` at ${commit.slice(0, 10)}`} · checked on ${task.backend.name} ${task.backend.version}, Python ${task.backend.python}`,
    '',
    task.program.trimEnd(),
    '',
    question(task),
    answer(task),
    '',
    `The model was right: ${solveRateText(rate, knownRate(rate))}.`,
    ...attempts.map(({ answer: got, verdict }) => `  ${verdictText(verdict)}: ${got ?? '–'}`),
  ];
  stdout.write(`${visibleText(lines.join('\n'))}\nIts whole story: ${typed(`trace ${task.id}`, env)}\n`);
}

function question(task: Task): string {
  switch (task.kind) {
    case 'deduction':
      return `${task.entry}${task.call} → ?`;
    case 'abduction':
      return `${task.entry}(?) → ${task.output}`;
    case 'induction':
      return `“${task.message}”`;
    case 'explain':
      return `What does ${task.entry} do?`;
  }
}

function answer(task: Task): string {
  switch (task.kind) {
    case 'deduction':
      return `It returns ${task.output}.`;
    case 'abduction':
      return `For example ${task.entry}${task.call}.`;
    case 'induction':
    case 'explain': {
      const pair = ([call, output]: readonly [string, string]) => `  ${task.entry}${call} → ${output}`;
      return ['Shown:', ...task.shown.map(pair), 'Hidden:', ...task.hidden.map(pair)].join('\n');
    }
  }
}

/** `wrong (different)`, or what a message gained. */
function verdictText(verdict: Verdict): string {
  switch (verdict.verdict) {
    case 'right':
      return 'right';
    case 'gained': {
      const { with: helped, without } = verdict;
      return `rebuilt ${helped.right} of ${helped.of} with it, ${without.right} of ${without.of} without`;
    }
    case 'wrong':
    case 'unjudgeable':
      return `${verdict.verdict} (${verdict.reason})`;
  }
}

function state({ state, trivial, unworthy, split }: Task): string {
  const parts = [
    state,
    unworthy === undefined ? '' : `not worth solving (${unworthy})`,
    trivial === null ? '' : `trivial (${trivial})`,
    split === 'train' ? '' : 'held out',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

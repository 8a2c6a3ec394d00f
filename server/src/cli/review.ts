import { Command, Option } from 'commander';
import { RejectReason } from '../../../protocol/review.ts';
import type { ExecutedTask, Task } from '../../../protocol/task.ts';
import { loadQueue } from '../review/load-queue.ts';
import { recordOwnAttempt } from '../review/own-attempt.ts';
import type { QueueEntry } from '../review/queue.ts';
import { reviewerName } from '../review/reviewer.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import { type CliContext, CliError, typed } from './context.ts';
import { counted } from './counted.ts';
import { failureMessage } from './failure.ts';
import { isTerminal, openKeyboard } from './keyboard.ts';
import { writeRecord } from './ndjson.ts';
import { backendOption, packagesOption, pythonOption, storeOption } from './options.ts';
import { existingFolder, type OpenSandbox, openFolderStore, type SandboxFlags } from './parts.ts';
import { decideAsGiven, type GivenDecisions, type StartSandbox, withCall } from './review-given.ts';
import { reviewByKeys } from './review-keys.ts';
import { listLines } from './review-text.ts';

interface ReviewFlags extends SandboxFlags, GivenDecisions {
  readonly list: boolean;
  readonly json: boolean;
  readonly store?: string;
}

const help = `
At a terminal it shows one task after another, a few seconds each: keys accept it, reject it with a reason, change its call (the new
one is executed, and becomes a task beside it), skip it, take the last decision back. Answers are shown when they are asked for. Each
decision is kept at once. Elsewhere, use the options.

A task is put forward because the model's attempts agree on another answer (disputed), because its solve rate is uncertain, or
because few are like it (new): about 6 % of the tasks to learn from. What is rejected is not played any more, and nothing more like it
is proposed; what is accepted may be a reference for proposals.

Example: autodidact review . --reject 1f3a --reason unclear`;

/** `autodidact review`: what people think of tasks. */
export function reviewCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  const several = (id: string, before: readonly string[]) => [...before, id];
  return new Command('review')
    .description('decide on the tasks that most need a person: accept, reject, change')
    .argument('[folder]', 'the workspace', '.')
    .option('--list', 'list what waits, and why', false)
    .option('--json', 'with --list: one JSON object a line', false)
    .option('--accept <task>', 'accept this task; may be given again', several, [])
    .option('--reject <task>', 'reject this task; may be given again', several, [])
    .addOption(new Option('--reason <reason>', 'why it is rejected').choices(RejectReason.options))
    .option('--edit <task>', 'make a task like this one with another call')
    .option('--call <tuple>', 'with --edit: the arguments, as a tuple like "(1, [2])"')
    .option('--attempt <task>', 'answer this task yourself; counts in no rate of the model')
    .option('--answer <text>', 'with --attempt: the answer')
    .option('--undo', 'take the last decision back', false)
    .addOption(storeOption())
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .addHelpText('after', help)
    .action(async (named: string, flags: ReviewFlags) => {
      checkFlags(flags);
      const folder = await existingFolder(named, context);
      const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
      const executing = lazySandbox(() => openSandbox({ ...flags, folder }, context));
      try {
        await review(store, executing.sandbox, flags, context).catch(failureMessage);
      } finally {
        await executing.close();
        await store.close();
      }
    });
}

/** Throws `usage` where an option lacks the one that it goes with. */
function checkFlags({ reject, reason, edit, call, attempt, answer }: ReviewFlags): void {
  if (reject.length > 0 && reason === undefined)
    throw new CliError('usage', `--reject needs --reason, one of: ${RejectReason.options.join(', ')}.`);
  if ((edit === undefined) !== (call === undefined))
    throw new CliError('usage', '--edit and --call go together: --edit 1f3a --call "(1, [2])".');
  if ((attempt === undefined) !== (answer === undefined))
    throw new CliError('usage', '--attempt and --answer go together: --attempt 1f3a --answer 42.');
}

/** A sandbox that is started when it is first needed: most reviews execute nothing. */
function lazySandbox(open: () => Promise<Sandbox>) {
  let opened: Promise<Sandbox> | undefined;
  return {
    sandbox: () => {
      opened ??= open();
      return opened;
    },
    close: async () => {
      const sandbox = await opened?.catch(() => undefined);
      await sandbox?.close();
    },
  };
}

async function review(
  store: Store,
  sandbox: StartSandbox,
  flags: ReviewFlags,
  context: CliContext,
): Promise<void> {
  const desk = { store, reviewer: reviewerName(), now: () => new Date().toISOString() };
  if (flags.list) return list(store, flags, context);
  if (isDecided(flags)) return decideAsGiven(desk, sandbox, flags, context);
  const { stdin, stdout, stderr, env, signal } = context;
  if (!isTerminal(stdin)) {
    throw new CliError(
      'usage',
      `This is no terminal. List what waits with --list, and decide with --accept, --reject or --edit: ${typed('review --help', env)}`,
    );
  }
  const queue = await loadQueue(store, signal);
  if (queue.length === 0) return void stderr.write(nothingWaits(store, env));
  const keyboard = openKeyboard(stdin, stdout);
  const parts = {
    desk,
    keyboard,
    out: stdout,
    edit: (task: Extract<Task, { call: string }>, call: string, signal: AbortSignal) =>
      withCall(task, call, desk, sandbox, signal),
    attempt: async (task: ExecutedTask, answer: string, signal: AbortSignal) =>
      recordOwnAttempt(task, answer, desk, await sandbox(), signal),
  };
  try {
    const decided = await reviewByKeys(queue, parts, signal);
    stdout.write(`\n${counted(decided, 'decision')} recorded in ${store.path}.\n`);
  } finally {
    keyboard.close();
  }
}

function isDecided({ accept, reject, edit, attempt, undo }: ReviewFlags): boolean {
  return accept.length + reject.length > 0 || edit !== undefined || attempt !== undefined || undo;
}

async function list(store: Store, { json }: ReviewFlags, context: CliContext): Promise<void> {
  const { stdout, stderr, env, signal } = context;
  const queue = await loadQueue(store, signal);
  if (json) {
    for (const entry of queue) await writeRecord(stdout, listed(entry), signal);
    return;
  }
  if (queue.length === 0) return void stderr.write(nothingWaits(store, env));
  stdout.write(
    `${queue.map(listLines).join('\n')}\n${counted(queue.length, 'task')} for a person to decide on.\n`,
  );
}

/** An entry without the task's answer. */
function listed({ task, why }: QueueEntry): Record<string, unknown> {
  const { id, kind, unit } = task;
  return { id, kind, file: unit.file, line: unit.line, symbol: unit.symbol, why };
}

function nothingWaits({ path }: Store, env: CliContext['env']): string {
  return `No task in ${path} waits for a person. Play some more: ${typed('play FOLDER', env)}\n`;
}

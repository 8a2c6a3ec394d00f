import { Command } from 'commander';
import { traceTask } from '../selfplay/trace.ts';
import type { CliContext } from './context.ts';
import { failureMessage } from './failure.ts';
import { findTask } from './find-task.ts';
import { storeOption } from './options.ts';
import { existingFolder, openFolderStore } from './parts.ts';
import { traceText } from './trace-text.ts';

const help = `
Tells what a task was made of and what became of it: the line of source, the seed, the proposal with its prompt, every attempt with
verdict and reward, reviews, and where it was sent. The answer is among it.

Example: autodidact trace 1f3a . --json`;

/** `autodidact trace`: one task's whole story. */
export function traceCommand(context: CliContext): Command {
  return new Command('trace')
    .description('tell one task’s whole story, from source line to reward')
    .argument('<task>', 'the task; the first letters of its id are enough')
    .argument('[folder]', 'the workspace', '.')
    .option('--json', 'write the whole records as one JSON object', false)
    .addOption(storeOption())
    .addHelpText('after', help)
    .action(async (id: string, named: string, flags: { readonly json: boolean; readonly store?: string }) => {
      const folder = await existingFolder(named, context);
      const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
      try {
        const task = await findTask(id, store, context);
        const trace = await traceTask(task, store).catch(failureMessage);
        context.stdout.write(flags.json ? `${JSON.stringify(trace)}\n` : `${traceText(trace)}\n`);
      } finally {
        await store.close();
      }
    });
}

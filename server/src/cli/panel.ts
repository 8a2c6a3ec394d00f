import { randomInt } from 'node:crypto';
import { Command, InvalidArgumentError, Option } from 'commander';
import { PanelSubject } from '../../../protocol/panel.ts';
import { connect } from '../model/connect.ts';
import { ollamaEndpoint } from '../model/ollama.ts';
import { askPanel } from '../review/panel/ask-panel.ts';
import { chooseMembers } from '../review/panel/choose-members.ts';
import { panelPairs } from '../review/panel/panel-pairs.ts';
import { choices } from '../selfplay/choices.ts';
import type { Store } from '../store/store.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { checkJsonPlace, writeJson } from './json-file.ts';
import { allowRemoteOption, keepOption, randomSeedOption, storeOption, wholeNumber } from './options.ts';
import { panelText } from './panel-text.ts';
import { existingFolder, openFolderStore } from './parts.ts';
import { progressLine } from './progress-line.ts';

interface PanelFlags {
  readonly about: PanelSubject;
  readonly pairs: number;
  readonly member: readonly string[];
  readonly allowRemote: readonly string[];
  readonly randomSeed?: number;
  readonly json?: string;
  readonly store?: string;
  readonly keep: boolean;
}

const help = `
Asks two or three Ollama models of different families which of two programs that your model proposed is more like code a person
would write, or which of two messages about one program is clearer. Each pair is asked in both orders, and a vote counts only where
both agree. Tells how often each model changed its mind with the order, how far they agree, and how many independent votes that
is worth. Opinions only: nothing is kept, and no task, verdict or reward changes by them. What to do with a task, you say in review.

Example: autodidact panel . --pairs 12 --member qwen3:4b --member gemma3:4b`;

/** Pairs that are asked at most: each costs two answers of every member. */
const mostPairs = 200;

/** `autodidact panel`: what models of different families think of proposals, by wording and realism alone. */
export function panelCommand(context: CliContext): Command {
  return new Command('panel')
    .description('ask models of different families which proposals read better; opinions, kept nowhere')
    .argument('[folder]', 'the workspace', '.')
    .addOption(
      new Option('--about <what>', 'what is compared')
        .choices(PanelSubject.options)
        .default(PanelSubject.enum.programs),
    )
    .addOption(
      new Option('--pairs <number>', `pairs to compare, at most ${mostPairs}`)
        .argParser(pairCount)
        .default(12),
    )
    .addOption(
      new Option('--member <model>', 'a model to ask, again for each; all of different families')
        .argParser((name: string, before: readonly string[]) => [...before, name])
        .default([], 'one of each family that Ollama has, three at most'),
    )
    .addOption(allowRemoteOption())
    .addOption(randomSeedOption())
    .option('--json <file>', 'write there what is printed, with the texts')
    .addOption(storeOption())
    .addOption(keepOption())
    .addHelpText('after', help)
    .action(async (named: string, flags: PanelFlags) => {
      const folder = await existingFolder(named, context);
      if (flags.json !== undefined) await checkJsonPlace(flags.json, context.cwd);
      const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
      try {
        await panel(store, flags, context);
      } finally {
        await store.close();
      }
    });
}

async function panel(store: Store, flags: PanelFlags, context: CliContext): Promise<void> {
  const { env, stdout, stderr, signal, cwd } = context;
  const { about, keep, member, allowRemote: remoteModels } = flags;
  const chosen = choices(flags.randomSeed ?? randomInt(2 ** 31));
  const pairs = panelPairs(about, await store.tasks(), flags.pairs, chosen);
  if (pairs.length === 0) throw new CliError('missing', nothing[about]);
  const connection = await connect({ env, keep }, signal).catch(failureMessage);
  const line = progressLine(stderr);
  try {
    const endpoint = ollamaEndpoint({ host: connection.host, remoteModels });
    const found = await chooseMembers(endpoint, member, signal);
    if (!found.ok) throw new CliError('missing', found.message);
    const onAsked = (name: string, count: number, of: number) =>
      line.update(`Asking ${name}: ${count} of ${of} pairs`);
    const told = await askPanel(about, pairs, found.members, { endpoint, choices: chosen, onAsked }, signal);
    line.done();
    stdout.write(`${panelText(told)}\n`);
    if (flags.json !== undefined) await writeJson(flags.json, told, cwd);
  } catch (error) {
    signal.throwIfAborted();
    failureMessage(error);
  } finally {
    line.done();
    await connection.close();
  }
}

const nothing: Readonly<Record<PanelSubject, string>> = {
  programs: 'There are no two programs that the model proposed. Play first: autodidact play',
  messages: 'No program has two messages that the model proposed. Play first: autodidact play',
};

function pairCount(text: string): number {
  const count = wholeNumber(text);
  if (count < 1 || count > mostPairs) throw new InvalidArgumentError(`Give 1 to ${mostPairs}.`);
  return count;
}

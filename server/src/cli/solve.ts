import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { z } from 'zod';
import type { Kind } from '../../../protocol/kind.ts';
import { Pair } from '../../../protocol/task.ts';
import { modelInfo } from '../evaluation/ask-models.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { contextTokens } from '../selfplay/sampling.ts';
import type { TaskQuestion } from '../tasks/kind-spec.ts';
import { askInStyle } from '../tasks/styles/ask-in-style.ts';
import { solving } from '../tasks/styles/exercise.ts';
import { defaultStyles, type Styles } from '../tasks/styles/style.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { folderStyles } from './folder-styles.ts';
import { parseRecord, readLines, writeRecord } from './ndjson.ts';
import {
  keepOption,
  kindOption,
  modelOption,
  offlineOption,
  randomSeedOption,
  storeOption,
} from './options.ts';
import { existingFolder, readyModel } from './parts.ts';

const help = `
Reads one JSON object a line and writes it back with \`kind\` and the model's \`answer\`, ready for \`autodidact judge\`.
A line needs, by kind:
  deduction  program, entry, call      call: the argument tuple, (1, 'a')
  abduction  program, entry, output    output: a Python literal
  induction  entry, message, shown     shown: a list of [call, output]
  explain    program, entry, shown     the answer is a message, which \`autodidact play\` alone judges

Example: autodidact mine . --ndjson | autodidact solve --kind deduction | autodidact judge`;

/** What `solve` reads of a line. */
const Question = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('deduction'), program: z.string(), entry: z.string(), call: z.string() }),
  z.object({ kind: z.literal('abduction'), program: z.string(), entry: z.string(), output: z.string() }),
  z.object({ kind: z.literal('induction'), entry: z.string(), message: z.string(), shown: z.array(Pair) }),
  z.object({ kind: z.literal('explain'), program: z.string(), entry: z.string(), shown: z.array(Pair) }),
]);

interface SolveFlags {
  readonly kind?: Kind;
  readonly model: string;
  readonly temperature: number;
  readonly randomSeed?: number;
  readonly offline: boolean;
  readonly keep: boolean;
  readonly folder?: string;
  readonly store?: string;
}

/** `autodidact solve`: a filter that asks the model. */
export function solveCommand(context: CliContext): Command {
  return new Command('solve')
    .description('ask the model for an answer to each task on standard input')
    .addOption(kindOption())
    .addOption(modelOption())
    .addOption(new Option('--temperature <number>', '0 is greedy').argParser(Number).default(0))
    .addOption(randomSeedOption())
    .addOption(offlineOption())
    .addOption(keepOption())
    .option('--folder <folder>', 'ask in the styles that `calibrate` chose for the model in this workspace')
    .addOption(storeOption())
    .addHelpText('after', help)
    .action((flags: SolveFlags) => solveLines(flags, context));
}

async function solveLines(flags: SolveFlags, context: CliContext): Promise<void> {
  const { stdin, stdout, stderr, signal } = context;
  if (!(flags.temperature >= 0)) throw new CliError('usage', '--temperature takes a number, 0 or more.');
  const { endpoint, close } = await readyModel(flags.model, flags, context).catch(failureMessage);
  try {
    const styles = await chosenStyles(flags, endpoint, context).catch(failureMessage);
    for await (const line of readLines(stdin, signal)) {
      const record = parseRecord(line);
      const question = Question.safeParse({ ...record, kind: record?.['kind'] ?? flags.kind });
      if (record === undefined || !question.success) {
        stderr.write(
          `A line was passed on unsolved: ${question.success ? 'it is no JSON object' : firstIssue(question.error)}\n`,
        );
        await writeRecord(stdout, { ...record, id: record?.['id'] ?? null }, signal);
        continue;
      }
      const answer = await ask(question.data, flags, endpoint, styles, signal).catch(failureMessage);
      await writeRecord(stdout, { ...record, kind: question.data.kind, answer }, signal);
    }
  } finally {
    await close();
  }
}

/** The styles of the folder that a person named, for the model; the default ones without. */
async function chosenStyles(
  { folder: named, store, model }: SolveFlags,
  endpoint: Endpoint,
  context: CliContext,
): Promise<Styles> {
  if (named === undefined) return defaultStyles;
  const folder = await existingFolder(named, context);
  const info = await modelInfo(endpoint, model, context.signal);
  return (await folderStyles(folder, store, [info], context)).get(info.digest) ?? defaultStyles;
}

async function ask(
  task: TaskQuestion,
  { model, temperature, randomSeed }: SolveFlags,
  endpoint: Endpoint,
  styles: Styles,
  signal: AbortSignal,
): Promise<string> {
  const draw = () => randomInt(2 ** 31);
  const asked = await askInStyle(
    solving(task),
    styles({ kind: task.kind, role: 'solve' }),
    { endpoint, model, draw },
    signal,
  );
  const { prompt, ends, numPredict } = asked;
  const sampling = {
    temperature,
    topK: 0,
    topP: 1,
    minP: 0,
    repeatPenalty: 1,
    numPredict,
    numCtx: contextTokens,
  };
  const sample = await endpoint.sample(
    { model, prompt, sampling, randomSeed: randomSeed ?? 0, ends },
    signal,
  );
  return asked.read(sample.text, sample.finish) ?? '';
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it is no task' : `${issue.path.join('.') || 'the line'}: ${issue.message}`;
}

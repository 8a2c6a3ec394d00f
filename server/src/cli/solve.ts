import { randomInt } from 'node:crypto';
import { Command, Option } from 'commander';
import { z } from 'zod';
import type { Kind } from '../../../protocol/kind.ts';
import { Pair } from '../../../protocol/task.ts';
import { modelInfo } from '../evaluation/ask-models.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { contextTokens } from '../selfplay/sampling.ts';
import { askForAnswer } from '../selfplay/tools/ask-for-answer.ts';
import { attemptAnswer } from '../selfplay/tools/attempt-answer.ts';
import { drawAttempt } from '../selfplay/tools/draw-turns.ts';
import type { TaskQuestion } from '../tasks/kind-spec.ts';
import { defaultStyles, type Styles } from '../tasks/styles/style.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { folderStyles } from './folder-styles.ts';
import { parseRecord, readLines, writeRecord } from './ndjson.ts';
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
  toolsOption,
} from './options.ts';
import { existingFolder, type OpenSandbox, readyModel, type SandboxFlags } from './parts.ts';

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

interface SolveFlags extends SandboxFlags {
  readonly kind?: Kind;
  readonly model: string;
  readonly temperature: number;
  readonly randomSeed?: number;
  readonly offline: boolean;
  readonly keep: boolean;
  readonly folder?: string;
  readonly store?: string;
  readonly tools: boolean;
}

/** `autodidact solve`: a filter that asks the model. */
export function solveCommand(context: CliContext, openSandbox: OpenSandbox): Command {
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
    .addOption(toolsOption().default(false))
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .addHelpText('after', help)
    .action(async (flags: SolveFlags) => {
      // Nothing else here runs a program.
      const sandbox = flags.tools ? await openSandbox(flags, context).catch(failureMessage) : undefined;
      try {
        await solveLines(flags, sandbox, context);
      } finally {
        await sandbox?.close();
      }
    });
}

async function solveLines(
  flags: SolveFlags,
  sandbox: Sandbox | undefined,
  context: CliContext,
): Promise<void> {
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
      const answer = await ask(question.data, flags, { endpoint, styles, sandbox }, signal).catch(
        failureMessage,
      );
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

interface SolveParts {
  readonly endpoint: Endpoint;
  readonly styles: Styles;
  /** Where the model may run Python before it answers. */
  readonly sandbox: Sandbox | undefined;
}

async function ask(
  task: TaskQuestion,
  { model, temperature, randomSeed }: SolveFlags,
  { endpoint, styles, sandbox }: SolveParts,
  signal: AbortSignal,
): Promise<string> {
  const draw = () => randomInt(2 ** 31);
  const style = styles({ kind: task.kind, role: 'solve' });
  const asked = await askForAnswer(task, style, { endpoint, model, draw }, sandbox, signal);
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
  const request = { model, prompt, sampling, randomSeed: randomSeed ?? 0, ends };
  return attemptAnswer(asked, await drawAttempt(endpoint, request, asked.toolUse, signal)) ?? '';
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it is no task' : `${issue.path.join('.') || 'the line'}: ${issue.message}`;
}

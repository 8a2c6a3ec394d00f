import { Command, Option } from 'commander';
import { z } from 'zod';
import type { Kind } from '../../../protocol/kind.ts';
import { Pair } from '../../../protocol/task.ts';
import { contextTokens } from '../selfplay/sampling.ts';
import type { TaskQuestion } from '../tasks/kind-spec.ts';
import { kindSpec } from '../tasks/kinds.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { parseRecord, readLines, writeRecord } from './ndjson.ts';
import { keepOption, kindOption, modelOption, offlineOption, randomSeedOption } from './options.ts';
import { readyModel } from './parts.ts';

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
    .addHelpText('after', help)
    .action((flags: SolveFlags) => solveLines(flags, context));
}

async function solveLines(flags: SolveFlags, context: CliContext): Promise<void> {
  const { stdin, stdout, stderr, signal } = context;
  if (!(flags.temperature >= 0)) throw new CliError('usage', '--temperature takes a number, 0 or more.');
  const { endpoint, close } = await readyModel(flags.model, flags, context).catch(failureMessage);
  try {
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
      const answer = await ask(question.data, flags, endpoint, signal).catch(failureMessage);
      await writeRecord(stdout, { ...record, kind: question.data.kind, answer }, signal);
    }
  } finally {
    await close();
  }
}

async function ask(
  task: TaskQuestion,
  { model, temperature, randomSeed }: SolveFlags,
  endpoint: Awaited<ReturnType<typeof readyModel>>['endpoint'],
  signal: AbortSignal,
): Promise<string> {
  const spec = kindSpec(task.kind);
  const { prompt, ends, numPredict } = spec.ask(task);
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
  return spec.read(sample.text, sample.finish, task) ?? '';
}

function firstIssue({ issues: [issue] }: z.ZodError): string {
  return issue === undefined ? 'it is no task' : `${issue.path.join('.') || 'the line'}: ${issue.message}`;
}

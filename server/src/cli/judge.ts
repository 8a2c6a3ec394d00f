import { Command } from 'commander';
import { JudgeRecord, type JudgeResult } from '../../../protocol/judge.ts';
import { rewardRelation } from '../judge/answer.ts';
import { judge } from '../judge/judge.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { CliContext } from './context.ts';
import { failureMessage } from './failure.ts';
import { isExactNumber, parseRecord, readLines, writeRecord } from './ndjson.ts';
import { backendOption, packagesOption, pythonOption } from './options.ts';
import type { OpenSandbox, SandboxFlags } from './parts.ts';

const help = `
Reads one JSON object a line: {id, kind, program, entry, call | output | pairs, answer}
  deduction  program, entry, call, answer (an output literal); output is checked where given
  abduction  program, entry, output, answer (an argument tuple); call is checked where given
  induction  entry, pairs ([[call, output], …]), answer (a program); program is checked where given
Writes it back with verdict (right, wrong, unjudgeable), reason, value, relation, backend and version. One line out for
each line in, in order. White space around an answer is passed over; a fence or prose is malformed.

Example: echo '{"kind":"deduction","program":"def f(x):\\n    return x * 2","entry":"f","call":"(3,)","answer":"6"}' | autodidact judge`;

/** Lines that are judged at once: enough to keep the sandbox's images busy. */
const atOnce = 8;

/** `autodidact judge`: a verifiable-reward function as a filter. */
export function judgeCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  return new Command('judge')
    .description('say for each answer on standard input whether it is right')
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .addHelpText('after', help)
    .action(async (flags: SandboxFlags) => {
      const sandbox = await openSandbox(flags, context).catch(failureMessage);
      try {
        await judgeLines(sandbox, context);
      } finally {
        await sandbox.close();
      }
    });
}

async function judgeLines(sandbox: Sandbox, { stdin, stdout, signal }: CliContext): Promise<void> {
  const judging: Promise<Record<string, unknown>>[] = [];
  const writeFirst = async () => {
    const first = judging.shift();
    if (first !== undefined) await writeRecord(stdout, await first, signal);
  };
  for await (const line of readLines(stdin, signal)) {
    const judged = judgeLine(line, sandbox, signal);
    // An abort while others are written must not count as unhandled.
    judged.catch(() => undefined);
    judging.push(judged);
    if (judging.length >= atOnce) await writeFirst();
  }
  while (judging.length > 0) await writeFirst();
}

async function judgeLine(
  line: string | undefined,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Record<string, unknown>> {
  const record = parseRecord(line);
  // What an earlier filter found is not what this one finds.
  const { verdict: _verdict, reason: _reason, value: _value, ...kept } = record ?? {};
  const id = idOf(kept);
  const judgedBy = {
    relation: rewardRelation,
    backend: sandbox.backend.name,
    version: sandbox.backend.version,
  };
  // What the id is does not matter to the judge, only that it comes back as it was written.
  const parsed = JudgeRecord.safeParse(
    record === undefined ? undefined : { ...record, id: isExactNumber(id) ? null : id },
  );
  if (!parsed.success) {
    return { ...kept, id, verdict: 'unjudgeable', reason: 'bad-record', ...judgedBy } satisfies JudgeResult;
  }
  const { verdict, value, relation } = await judge(parsed.data, sandbox, signal);
  return {
    ...kept,
    id,
    ...verdict,
    ...(value === undefined ? {} : { value }),
    ...judgedBy,
    relation,
  } satisfies JudgeResult;
}

function idOf({ id }: Record<string, unknown>): JudgeResult['id'] {
  if (isExactNumber(id)) return id;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}

import { Command } from 'commander';
import type { z } from 'zod';
import { SandboxRunLine, type SandboxRunResult } from '../../../protocol/sandbox.ts';
import { type Ran, type Sandbox, tellSandbox } from '../sandbox/sandbox.ts';
import { escapes } from '../sandbox/self-test.ts';
import { readCall } from '../values/literal-reader.ts';
import { writeValue } from '../values/literal-writer.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { parseRecord, readLines, writeRecord } from './ndjson.ts';
import { backendOption, packagesOption, pythonOption } from './options.ts';
import type { OpenSandbox, SandboxFlags } from './parts.ts';
import { sandboxBenchCommand } from './sandbox-bench.ts';
import { sandboxRedteamCommand } from './sandbox-redteam.ts';

const help = `
Reads {id, program, entry, call, backend?, limits?} a line; call is the argument tuple as Python literal text: (1, 'a').
Writes {id, outcome, reason?, value?, detail?, cpuMs, backend}; outcome is ok, exception, unencodable, limit, violation, crash or
refused; value is Python literal text.

Example: echo '{"program":"def f(x):\\n    return x * 2","entry":"f","call":"(3,)"}' | autodidact sandbox run`;

/** The backend that a line asks for, or the one of the command. */
type Named = SandboxFlags['backend'] | undefined;

/** `autodidact sandbox`: the sandbox by itself. */
export function sandboxCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  const withSandbox = async (flags: SandboxFlags, work: (sandbox: Sandbox) => Promise<void>) => {
    const sandbox = await openSandbox(flags, context).catch(failureMessage);
    try {
      await work(sandbox);
    } finally {
      await sandbox.close();
    }
  };
  const run = new Command('run')
    .description('run the programs on standard input')
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .addHelpText('after', help)
    .action(async (flags: SandboxFlags) => {
      const opened = new Map<Named, Promise<Sandbox>>();
      const openOne = (name: Named): Promise<Sandbox> => {
        const backend = name ?? flags.backend;
        const sandbox =
          opened.get(backend) ?? openSandbox({ ...flags, backend }, context).catch(failureMessage);
        opened.set(backend, sandbox);
        return sandbox;
      };
      try {
        await runLines(openOne, context);
      } finally {
        for (const sandbox of opened.values())
          await sandbox.then(
            (one) => one.close(),
            () => undefined,
          );
      }
    });
  const test = new Command('selftest')
    .description('try to get out, and say which way is shut')
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .action((flags: SandboxFlags) => withSandbox(flags, (sandbox) => tellEscapes(sandbox, context)));
  return new Command('sandbox')
    .description('run programs in the sandbox, or test it')
    .addCommand(run)
    .addCommand(sandboxBenchCommand(context, openSandbox))
    .addCommand(sandboxRedteamCommand(context, openSandbox))
    .addCommand(test);
}

async function runLines(openOne: (name: Named) => Promise<Sandbox>, context: CliContext): Promise<void> {
  const { stdin, stdout, signal } = context;
  for await (const line of readLines(stdin, signal)) {
    const record = parseRecord(line);
    const parsed = SandboxRunLine.safeParse(record);
    const id = typeof record?.['id'] === 'string' ? record['id'] : null;
    const sandbox = await openOne(parsed.success ? parsed.data.backend : undefined);
    const call = parsed.success ? readCall(parsed.data.call) : undefined;
    const why = whyBad(record, parsed.error, call);
    const ran: Ran =
      parsed.success && call?.ok === true
        ? await sandbox.run({ ...execution(parsed.data), call: call.value }, signal)
        : { outcome: 'refused', reason: 'bad-record', cpuMs: 0 };
    const result = {
      id,
      ...told(ran),
      ...(why === undefined ? {} : { detail: why }),
      backend: sandbox.backend.name,
    } satisfies SandboxRunResult;
    await writeRecord(stdout, result, signal);
  }
}

/** What is wrong with a line, for a person; undefined where nothing is. */
function whyBad(
  record: Record<string, unknown> | undefined,
  error: z.ZodError | undefined,
  call: ReturnType<typeof readCall> | undefined,
): string | undefined {
  if (record === undefined) return 'The line is no JSON object.';
  const [issue] = error?.issues ?? [];
  if (issue !== undefined) return `${issue.path.join('.')}: ${issue.message}`;
  return call?.ok === false ? "call: not an argument tuple of literals, such as (1, 'a')" : undefined;
}

function execution({ program, entry, limits }: SandboxRunLine) {
  const given = Object.entries(limits ?? {}).filter(([, value]) => value !== undefined);
  return { program, entry, limits: Object.fromEntries(given) };
}

function told(ran: Ran): Omit<SandboxRunResult, 'id' | 'backend'> {
  const { outcome, cpuMs } = ran;
  switch (ran.outcome) {
    case 'ok':
      return { outcome, value: writeValue(ran.value), cpuMs };
    case 'exception':
      return { outcome, reason: ran.type, cpuMs };
    case 'unencodable':
    case 'violation':
      return { outcome, reason: ran.what, cpuMs };
    case 'limit':
      return { outcome, reason: ran.limit, cpuMs };
    case 'crash':
      return { outcome, reason: ran.signal, cpuMs };
    case 'refused':
      return { outcome, reason: ran.reason, cpuMs };
  }
}

async function tellEscapes(sandbox: Sandbox, { stdout, signal }: CliContext): Promise<void> {
  stdout.write(`${tellSandbox(sandbox)}\n`);
  for (const way of escapes[sandbox.backend.name]) {
    const ran = told(await sandbox.run({ program: way.program, entry: 'f', call: [] }, signal));
    const shut = ran.outcome !== 'ok' || ran.value === 'False';
    stdout.write(
      `${shut ? 'shut' : 'OPEN'}  ${way.name} (${ran.outcome}${ran.reason === undefined ? '' : ` ${ran.reason}`})\n`,
    );
    if (!shut) throw new CliError('failed', `Programs can reach ${way.name}.`);
  }
}

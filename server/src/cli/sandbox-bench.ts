import { Command } from 'commander';
import { measure, measureRecovery } from '../sandbox/measure.ts';
import { tellSandbox } from '../sandbox/sandbox.ts';
import type { CliContext } from './context.ts';
import { failureMessage } from './failure.ts';
import { backendOption, packagesOption, positiveNumber, pythonOption } from './options.ts';
import type { OpenSandbox, SandboxFlags } from './parts.ts';

/** `autodidact sandbox bench`: how fast the sandbox is on this machine. */
export function sandboxBenchCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  return new Command('bench')
    .description('measure how fast it is on this machine; close what else is busy first')
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .option('--seconds <number>', 'how long each figure is measured', positiveNumber, 3)
    .action(async ({ seconds, ...flags }: SandboxFlags & { readonly seconds: number }) => {
      const { stdout, signal } = context;
      const begun = performance.now();
      const sandbox = await openSandbox(flags, context).catch(failureMessage);
      const readyMs = performance.now() - begun;
      try {
        const { isolated, verified, medianMs, p99Ms } = await measure(sandbox, seconds, signal);
        const recoveryMs = await measureRecovery(sandbox, signal);
        stdout.write(`${tellSandbox(sandbox)}
ready after                ${readyMs.toFixed(0)} ms
programs, one by one       ${isolated.toFixed(0)} a second (median ${medianMs.toFixed(2)} ms, 99th percentile ${p99Ms.toFixed(2)} ms)
programs, fully verified   ${verified.toFixed(0)} a second
after it had to be ended   ${recoveryMs.toFixed(1)} ms
`);
      } finally {
        await sandbox.close();
      }
    });
}

import { Command } from 'commander';
import { countCorpora, tellCorpus } from '../redteam/count-corpora.ts';
import { tellSandbox } from '../sandbox/sandbox.ts';
import { type CliContext, CliError } from './context.ts';
import { failureMessage } from './failure.ts';
import { backendOption, packagesOption, pythonOption } from './options.ts';
import type { OpenSandbox, SandboxFlags } from './parts.ts';

/** `autodidact sandbox redteam`: what hundreds of attacks, cheats and drifting programs come to on this machine. */
export function sandboxRedteamCommand(context: CliContext, openSandbox: OpenSandbox): Command {
  return new Command('redteam')
    .description('attack it with hundreds of programs and answers, and count what fails (some minutes)')
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .action(async (flags: SandboxFlags) => {
      const { stdout, signal } = context;
      const sandbox = await openSandbox(flags, context).catch(failureMessage);
      let failed = 0;
      try {
        stdout.write(`${tellSandbox(sandbox)}\n`);
        for await (const count of countCorpora(sandbox, signal)) {
          stdout.write(`${tellCorpus(count)}\n`);
          for (const failure of count.failures) stdout.write(`  ${failure.name}: ${failure.told}\n`);
          failed += count.failures.length;
        }
      } finally {
        await sandbox.close();
      }
      if (failed > 0) throw new CliError('failed', `${failed} did not end as they must. Please report this.`);
    });
}

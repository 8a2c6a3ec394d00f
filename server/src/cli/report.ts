import { Command } from 'commander';
import type { Run } from '../../../protocol/run.ts';
import { visibleLine } from '../engine/visible-text.ts';
import { storedReport } from '../selfplay/stored-report.ts';
import type { Store } from '../store/store.ts';
import { type CliContext, CliError, typed } from './context.ts';
import { failureMessage } from './failure.ts';
import { checkJsonPlace, writeJson } from './json-file.ts';
import { storeOption } from './options.ts';
import { overTimeText } from './over-time-text.ts';
import { existingFolder, openFolderStore } from './parts.ts';
import { reportText } from './report-text.ts';

interface ReportFlags {
  readonly run?: string;
  readonly overTime: boolean;
  readonly json?: string;
  readonly store?: string;
}

/** Runs named where an id fits none or several. */
const mostNamed = 8;

const help = `
Prints what \`play\` printed at the end of a run, made anew of its records; of a run that goes on, how it stands.

Example: autodidact report . --over-time`;

/** `autodidact report`: a run of the store, told again. */
export function reportCommand(context: CliContext): Command {
  return new Command('report')
    .description('print the report of a run again, also of one that goes on')
    .argument('[folder]', 'the workspace', '.')
    .option('--run <id>', 'which run; the first letters of its id are enough (default: the newest)')
    .option('--over-time', 'also tell of the run in equal spans, six at most', false)
    .option('--json <file>', 'write the report there too, spans included')
    .addOption(storeOption())
    .addHelpText('after', help)
    .action(async (named: string, flags: ReportFlags) => {
      const { cwd, stdout } = context;
      const folder = await existingFolder(named, context);
      if (flags.json !== undefined) await checkJsonPlace(flags.json, cwd);
      const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
      try {
        const run = await findRun(flags.run, store, context);
        const report = await storedReport(run, store).catch(failureMessage);
        const parts = [reportText(report), ...(flags.overTime ? [overTimeText(report)] : [])];
        stdout.write(`${parts.join('\n\n')}\n`);
        if (flags.json !== undefined) await writeJson(flags.json, report, cwd);
      } finally {
        await store.close();
      }
    });
}

/** The run whose id begins so, else the newest. Rejects with `missing` where there is none, with `usage` where there are several. */
async function findRun(
  id: string | undefined,
  store: Pick<Store, 'runs' | 'path'>,
  { env }: Pick<CliContext, 'env'>,
): Promise<Run> {
  const runs = await store.runs().catch(failureMessage);
  const newest = runs.at(-1);
  if (newest === undefined) {
    const first = typed('play FOLDER', env);
    throw new CliError('missing', `There is no run in ${store.path}. Begin with: ${first}`);
  }
  if (id === undefined) return newest;
  const found = runs.filter((run) => run.id.startsWith(id));
  const [run, other] = found;
  const exact = found.find((each) => each.id === id);
  if (exact !== undefined) return exact;
  const shown = visibleLine(id, 40);
  if (run === undefined)
    throw new CliError('missing', [`No run begins with ${shown}. There are:`, ...lines(runs)].join('\n'));
  if (other !== undefined)
    throw new CliError('usage', [`Several runs begin with ${shown}:`, ...lines(found)].join('\n'));
  return run;
}

/** The newest of these runs, a line each. */
function lines(runs: readonly Run[]): string[] {
  return runs
    .slice(-mostNamed)
    .map(({ id, startedAt, state, model }) =>
      visibleLine(`  ${id}  ${startedAt}  ${state}  ${model.name}`, 120),
    );
}

import { randomInt } from 'node:crypto';
import path from 'node:path';
import { Command, Option } from 'commander';
import type { PresetName } from '../../../protocol/preset.ts';
import type { Report } from '../../../protocol/report.ts';
import type { Run } from '../../../protocol/run.ts';
import { askingEnd } from '../mining/mine-event.ts';
import { interpreterOf } from '../sandbox/folder-python.ts';
import { type Sandbox, tellSandbox } from '../sandbox/sandbox.ts';
import { createCallProposer } from '../selfplay/call-proposer.ts';
import { heldOutText } from '../selfplay/held-out/held-out-text.ts';
import { findingText } from '../selfplay/monitors/finding-text.ts';
import { play } from '../selfplay/play.ts';
import { PlayError } from '../selfplay/play-error.ts';
import { prepare } from '../selfplay/prepare.ts';
import { unansweredCalls } from '../selfplay/pseudo-labels/unanswered-calls.ts';
import { isSuccess } from '../selfplay/sample-outcome.ts';
import { readQuietHours } from '../selfplay/scheduling/quiet-hours.ts';
import type { SuspendReason } from '../selfplay/scheduling/suspension.ts';
import { storedReport } from '../selfplay/stored-report.ts';
import { giveConsent } from '../store/consent.ts';
import type { Store } from '../store/store.ts';
import { startStream } from '../training/stream.ts';
import { type CliContext, CliError, typed } from './context.ts';
import { failureMessage } from './failure.ts';
import { checkJsonPlace, writeJson } from './json-file.ts';
import {
  allowRemoteOption,
  backendOption,
  batteryOption,
  endpointOption,
  keepOption,
  modelOption,
  noToolsOption,
  offlineOption,
  packagesOption,
  positiveNumber,
  presetOption,
  pythonOption,
  quietOption,
  randomSeedOption,
  sourcesOption,
  splitOption,
  storeOption,
  toolsOption,
  wholeNumber,
} from './options.ts';
import { existingFolder, openFolderStore, openSandbox, type ReadyModel, type SandboxFlags } from './parts.ts';
import { progressLine } from './progress-line.ts';
import { goesOnWithout } from './proposing-model.ts';
import { readyPool } from './ready-pool.ts';
import { reportText } from './report-text.ts';
import { type MiningFlags, miningSettings } from './settings.ts';

interface PlayFlags extends SandboxFlags, MiningFlags {
  readonly model: string;
  readonly minutes: number;
  readonly preset: PresetName;
  readonly tools?: boolean;
  readonly tasks?: number;
  readonly randomSeed?: number;
  readonly json?: string;
  readonly store?: string;
  readonly stream?: string;
  readonly resume: boolean;
  readonly takeOver: boolean;
  readonly pseudoLabels: boolean;
  readonly tokens?: number;
  readonly endpoint: readonly string[];
  readonly allowRemote: readonly string[];
  readonly heldOut: boolean;
  readonly quiet: string;
  readonly battery: number;
  readonly offline: boolean;
  readonly keep: boolean;
}

const help = `
Mines FOLDER for functions that run, then lets the model propose and solve tasks about them until the time is over:
deduction (what does this call return?), abduction (which call returns this?), induction (write the function), explain (say what it does).
Every claim is checked by executing it in a sandbox. Ctrl-C stops within a second and keeps what is done.

Example: autodidact play . --minutes 5 --json report.json`;

/** `autodidact play`: the main job. */
export function playCommand(context: CliContext): Command {
  return new Command('play')
    .description('mine a folder and play on it: propose, solve, verify, reward, record, report')
    .argument('[folder]', 'the workspace', '.')
    .addOption(modelOption())
    .addOption(new Option('--minutes <number>', 'how long to play').argParser(positiveNumber).default(10))
    .addOption(new Option('--tasks <number>', 'stop after so many tasks were solved').argParser(wholeNumber))
    .addOption(new Option('--tokens <number>', 'stop after so many tokens were drawn').argParser(wholeNumber))
    .addOption(endpointOption())
    .addOption(allowRemoteOption())
    .addOption(quietOption())
    .addOption(batteryOption())
    .addOption(presetOption())
    .addOption(toolsOption())
    .addOption(noToolsOption())
    .addOption(randomSeedOption())
    .option('--no-held-out', 'do not ask a few held-out tasks now and then')
    .option('--json <file>', 'write the report there too')
    .addOption(storeOption())
    .addOption(sourcesOption())
    .addOption(splitOption())
    .addOption(backendOption())
    .addOption(pythonOption())
    .addOption(packagesOption())
    .option('--stream <target>', 'send each group to a file or an http address (off unless given)')
    .option(
      '--pseudo-labels',
      'also ask for what execution cannot answer; what most answers say is kept apart, never used',
      false,
    )
    .option('--resume', 'go on with the last interrupted run', false)
    .option('--take-over', 'take the folder over from another process that plays it', false)
    .addOption(offlineOption())
    .addOption(keepOption())
    .addHelpText('after', help)
    .action(async (named: string, flags: PlayFlags) => {
      const folder = await existingFolder(named, context);
      const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
      try {
        await playFolder(folder, store, flags, context);
      } finally {
        await store.close();
      }
    });
}

async function playFolder(
  folder: string,
  store: Store,
  flags: PlayFlags,
  context: CliContext,
): Promise<void> {
  const { stderr, stdout, signal, cwd } = context;
  if (flags.json !== undefined) await checkJsonPlace(flags.json, cwd);
  await giveConsent(store, folder);
  const resume = flags.resume ? await lastInterrupted(store) : undefined;
  const line = progressLine(stderr);
  const sandbox = await openSandbox({ ...flags, folder }, context).catch(failureMessage);
  stderr.write(`Programs run in ${tellSandbox(sandbox)}.\n`);
  try {
    const model = resume?.model.name ?? flags.model;
    const ready = await readyPool(model, flags, context).catch(failureMessage);
    const stream =
      flags.stream === undefined
        ? undefined
        : await startStream({ store, target: flags.stream, env: context.env, signal }).catch(failureMessage);
    try {
      const prepared = await mineWithProgress(folder, store, { sandbox, line, flags, model, ready }, context);
      if (prepared.tasks === 0) {
        throw new CliError('missing', noSeeds(folder, prepared.files, context.env));
      }
      if (flags.pseudoLabels && (await unansweredCalls(store, folder)).length === 0)
        stderr.write('No pseudo-labels: mining found no call that execution cannot answer.\n');
      const inStore = flags.store === undefined ? '' : ` --store ${quoted(flags.store)}`;
      const left = flags.minutes === 10 ? '' : ` --minutes ${flags.minutes}`;
      const servers = [
        ...flags.endpoint.map((address) => ` --endpoint ${quoted(address)}`),
        ...flags.allowRemote.map((name) => ` --allow-remote ${quoted(name)}`),
      ].join('');
      const again = typed(
        `play ${quoted(named(folder, cwd))} --resume${left}${servers}${inStore}`,
        context.env,
      );
      const goOn = `Everything done is kept. Go on with: ${again}\n`;
      const progress = { groups: 0, attempts: 0, right: 0 };
      const begun = performance.now();
      const run = await play(
        {
          folder,
          model,
          minutes: flags.minutes,
          preset: flags.preset,
          ...(flags.tools === undefined ? {} : { tools: flags.tools }),
          ...(flags.tasks === undefined ? {} : { tasks: flags.tasks }),
          ...(flags.tokens === undefined ? {} : { tokens: flags.tokens }),
          suspend: { quiet: quietHoursOf(flags.quiet), minBattery: flags.battery },
          randomSeed: flags.randomSeed ?? resume?.randomSeed ?? randomInt(2 ** 31),
          stream: stream !== undefined,
          heldOut: flags.heldOut,
          ...(resume === undefined ? {} : { resume }),
          takeOver: flags.takeOver,
          pseudoLabels: flags.pseudoLabels,
        },
        {
          store,
          sandbox,
          endpoint: ready.endpoint,
          members: ready.members,
          onEvent: (event) => {
            if (event.type === 'outage') line.done(event.detail);
            if (event.type === 'suspended') line.done(suspendedText(event.reason));
            if (event.type === 'goes-on') line.done('Playing goes on.');
            if (event.type === 'finding') line.done(findingText(event.finding));
            if (event.type === 'held-out' || event.type === 'too-few-held-out') line.done(heldOutText(event));
            if (event.type !== 'group') return;
            progress.groups += 1;
            for (const { verdict } of event.group.samples) {
              progress.attempts += 1;
              if (isSuccess({ verdict })) progress.right += 1;
            }
            const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
            line.update(
              `Playing, minute ${minutes} of ${flags.minutes}: ${progress.attempts} samples in ${progress.groups} groups, ${progress.right} right or valid`,
            );
          },
        },
        signal,
      ).catch((error: unknown) => {
        line.done();
        if (PlayError.is(error, 'model-gone')) stderr.write(goOn);
        return failureMessage(error);
      });
      line.done();
      await tell(await storedReport(run, store).catch(failureMessage), flags, cwd, stdout);
      if (run.state === 'interrupted') {
        stderr.write(`Stopped (${run.reason}).\n${goOn}`);
      }
    } finally {
      await stream?.close();
      await ready.close();
    }
  } finally {
    line.done();
    await sandbox.close();
  }
  signal.throwIfAborted();
}

function quietHoursOf(text: string) {
  return readQuietHours(text) ?? { includes: () => false };
}

function suspendedText(reason: SuspendReason): string {
  return reason === 'battery'
    ? 'On battery power: playing waits and goes on by itself. Play on with --battery 0.'
    : 'Quiet hours: playing waits and goes on by itself.';
}

async function mineWithProgress(
  folder: string,
  store: Store,
  {
    sandbox,
    line,
    flags,
    model,
    ready,
  }: {
    readonly sandbox: Sandbox;
    readonly line: ReturnType<typeof progressLine>;
    readonly flags: MiningFlags & SandboxFlags;
    readonly model: string;
    readonly ready: ReadyModel;
  },
  { env, signal }: CliContext,
): ReturnType<typeof prepare> {
  let files = 0;
  let seeds = 0;
  const prepared = await prepare(
    {
      folder,
      ...miningSettings(flags),
      recording: { python: await interpreterOf(flags.python ?? '', folder), env },
      proposer: createCallProposer(model, () => Promise.resolve(ready)),
    },
    {
      store,
      sandbox,
      onEvent: (event) => {
        if (event.type === 'file') files += 1;
        if (event.type === 'seed') seeds += 1;
        const end = askingEnd(event);
        if (end !== undefined) line.done(goesOnWithout(end));
        line.update(`Mining: ${files} files read, ${seeds} verified seeds`);
      },
    },
    signal,
  ).catch(failureMessage);
  const what = prepared.files === 0 ? 'Nothing changed since it was mined' : `Mined ${prepared.files} files`;
  line.done(`${what}: ${prepared.seeds} verified seeds, ${prepared.tasks} tasks.`);
  return prepared;
}

async function tell(
  finished: Report,
  { json }: PlayFlags,
  cwd: string,
  stdout: CliContext['stdout'],
): Promise<void> {
  stdout.write(`${reportText(finished)}\n`);
  if (json !== undefined) await writeJson(json, finished, cwd);
}

/** The last run that did not come to its end; a run that is still marked as running lost its process. */
async function lastInterrupted(store: Store): Promise<Run> {
  const run = (await store.runs()).findLast(({ state }) => state !== 'done');
  if (run === undefined)
    throw new CliError('missing', 'There is no interrupted run to go on with. Leave out --resume.');
  return run;
}

function noSeeds(folder: string, files: number, env: CliContext['env']): string {
  return files === 0
    ? `There are no Python files in ${folder}. Name a folder with Python code.`
    : `None of the ${files} Python files in ${folder} gave a function that runs by itself with a known call.\nSee why: ${typed(`mine ${quoted(folder)}`, env)}`;
}

function named(folder: string, cwd: string): string {
  const relative = path.relative(cwd, folder);
  return relative === '' ? '.' : relative.startsWith('..') ? folder : relative;
}

function quoted(text: string): string {
  return /^[\w./:@=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

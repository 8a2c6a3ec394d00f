import path from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { PolicyChoice } from '../../../protocol/trainer.ts';
import { describeModel } from '../model/describe-model.ts';
import type { Store } from '../store/store.ts';
import { PublishError } from '../training/publish/publish-error.ts';
import { defaultPolicy } from '../training/trainer/choose-round.ts';
import { publishTrained } from '../training/trainer/publish-trained.ts';
import { type StartedTrainer, startTrainer } from '../training/trainer/start-trainer.ts';
import { type TrainedRound, type TrainingEvent, trainRound } from '../training/trainer/train-round.ts';
import { type TrainerClient, trainerClient } from '../training/trainer/trainer-client.ts';
import { TrainerError } from '../training/trainer/trainer-error.ts';
import { trainerPython } from '../training/trainer/trainer-python.ts';
import { type CliContext, CliError } from './context.ts';
import { counted } from './counted.ts';
import { failureMessage } from './failure.ts';
import { keepOption, modelOption, positiveNumber, storeOption } from './options.ts';
import { existingFolder, openFolderStore, type ReadyModel, readyModel } from './parts.ts';
import { progressLine } from './progress-line.ts';
import { type Brought, trainingReport, trainingText } from './train-text.ts';

interface TrainFlags {
  readonly model: string;
  readonly store?: string;
  readonly trainer?: string;
  readonly trainerPython?: string;
  readonly mode: 'policy-gradient' | 'rft';
  readonly full: boolean;
  readonly learningRate?: number;
  readonly minutes?: number;
  readonly publish: boolean;
  readonly json: boolean;
  readonly keep: boolean;
}

const help = `
Trains the model on what was played in FOLDER: all groups of its newest version that may be trained on and were not yet. The
trainer is started on this machine and ends with this command; nothing leaves the machine unless --trainer names another one.
With --publish the tuned weights become a model in Ollama, and are checked to be what was trained. The same command again goes
on wherever it ended.

Example: autodidact train . --model smollm2:135m --publish`;

/** `autodidact train`: a round of training on what was played, and the tuned weights back to Ollama. */
export function trainCommand(context: CliContext): Command {
  return new Command('train')
    .description('train the model on what was played, and publish the tuned weights to Ollama')
    .argument('[folder]', 'the workspace', '.')
    .addOption(modelOption())
    .addOption(storeOption())
    .option('--trainer <url>', 'a trainer that runs elsewhere; its token is in AUTODIDACT_TRAINER_TOKEN')
    .option(
      '--trainer-python <path>',
      'the Python to start ours with (default: of the environment in the cache)',
    )
    .addOption(
      new Option('--mode <mode>', 'learn from all groups by their rewards, or from right answers alone')
        .choices(['policy-gradient', 'rft'])
        .default('policy-gradient'),
    )
    .option('--full', 'train all weights instead of adapters', false)
    .addOption(new Option('--learning-rate <number>', 'of the optimiser').argParser(learningRate))
    .addOption(
      new Option('--minutes <number>', 'begin no step after so long (default: no bound)').argParser(
        positiveNumber,
      ),
    )
    .option('--publish', 'make the tuned weights a model in Ollama, and check it', false)
    .option('--json', 'write what is told as one JSON object', false)
    .addOption(keepOption())
    .addHelpText('after', help)
    .action(async (named: string, flags: TrainFlags) => {
      const folder = await existingFolder(named, context);
      const store = await openFolderStore(folder, flags.store, context).catch(failureMessage);
      try {
        await train(store, flags, context);
      } finally {
        await store.close();
      }
    });
}

async function train(store: Store, flags: TrainFlags, context: CliContext): Promise<void> {
  const { stderr, signal } = context;
  const line = progressLine(stderr);
  const open: { close(): Promise<void> }[] = [];
  let gone: AbortSignal | undefined;
  try {
    const parts = await openParts(store, flags, context, open);
    gone = parts.gone;
    const until = gone === undefined ? signal : AbortSignal.any([signal, gone]);
    const running = { ...context, signal: until };
    const trained = await trainWithProgress(store, parts.client, flags, running);
    const result = await brought(trained, store, parts, flags, running);
    const report = trainingReport(trained, parts.client.name, result);
    context.stdout.write(flags.json ? `${JSON.stringify(report)}\n` : `${trainingText(report)}\n`);
  } catch (error) {
    line.done();
    if (signal.aborted) stderr.write('Everything done is kept. The same command goes on.\n');
    if (PublishError.is(error, 'broken'))
      throw new CliError('failed', `broken: ${error.message} It was deleted again; the round is kept.`);
    // Whatever was under way, this is why it failed.
    failureMessage(!signal.aborted && gone?.aborted ? gone.reason : error);
  } finally {
    for (const part of open.reverse()) await part.close();
  }
}

interface Parts {
  readonly client: TrainerClient;
  readonly ready: ReadyModel | undefined;
  /** Fires once a trainer of ours is gone. */
  readonly gone: AbortSignal | undefined;
}

/** Opens what is needed, each put where it is closed even if the next fails. */
async function openParts(
  store: Store,
  flags: TrainFlags,
  context: CliContext,
  open: { close(): Promise<void> }[],
): Promise<Parts> {
  const opened = <T extends { close(): Promise<void> }>(part: T): T => {
    open.push(part);
    return part;
  };
  const { env, stderr } = context;
  const isOurs = flags.trainer === undefined;
  const ready =
    isOurs || flags.publish
      ? opened(await readyModel(flags.model, { offline: true, keep: flags.keep }, context))
      : undefined;
  if (flags.trainer !== undefined) {
    stderr.write(`Groups go to the trainer at ${flags.trainer}.\n`);
    return { client: opened(await trainerClient(flags.trainer, { env })), ready, gone: undefined };
  }
  const player = await store.player();
  if (player !== undefined)
    throw new TrainerError(
      'playing',
      `Process ${player.pid} plays this folder, and training would slow it down tenfold. Pause it first.`,
    );
  const host = ready?.endpoint.host ?? '';
  const started = opened(await startOurs(store, host, flags, context));
  stderr.write(`The trainer runs on this machine (${started.address}).\n`);
  const client = opened(await trainerClient(started.address, { env: started.env }));
  return { client, ready, gone: started.gone };
}

async function startOurs(
  store: Store,
  host: string,
  { model, trainerPython: named }: TrainFlags,
  { env, signal }: CliContext,
): Promise<StartedTrainer> {
  const python = await trainerPython(named, env);
  const { blobs } = await describeModel(model, host, signal);
  if (blobs === undefined)
    throw new TrainerError(
      'base-missing',
      `${host} does not say where it keeps ${model}. Train where Ollama runs, or name a trainer with --trainer.`,
    );
  return startTrainer(
    { python, data: besideStore(store, 'trainer'), ollamaModels: path.dirname(blobs), env },
    signal,
  );
}

async function trainWithProgress(
  store: Store,
  client: TrainerClient,
  flags: TrainFlags,
  { stderr, signal }: CliContext,
): Promise<TrainedRound> {
  const line = progressLine(stderr);
  const policy = policyOf(flags);
  const choice = {
    model: flags.model,
    mode: flags.mode,
    mostSeconds: flags.minutes === undefined ? null : flags.minutes * 60,
    ...(policy === undefined ? {} : { policy }),
  };
  const onEvent = (event: TrainingEvent) => {
    const text = eventText(event);
    if (event.type === 'sent' || event.type === 'progress') line.update(text);
    else line.done(text);
  };
  try {
    return await trainRound(choice, { store, client, onEvent }, signal);
  } finally {
    line.done();
  }
}

async function brought(
  { noted, round, state }: TrainedRound,
  store: Store,
  { client, ready }: Parts,
  { publish }: TrainFlags,
  { stderr, signal }: CliContext,
): Promise<Brought> {
  if (state.steps.length === 0) return { file: null, published: null };
  const folder = besideStore(store, 'exports');
  const line = progressLine(stderr);
  const onFetch = (done: number, total: number) =>
    line.update(`Fetching the weights: ${Math.floor(done / 1e6)} of ${Math.ceil(total / 1e6)} MB`);
  try {
    if (publish && ready !== undefined) {
      line.update('Publishing to Ollama, and checking what it serves');
      const parts = { store, client, endpoint: ready.endpoint, folder, onFetch };
      return { file: null, published: await publishTrained(noted, round, parts, signal) };
    }
    const form =
      noted.run.policy.type === 'lora'
        ? ({ form: 'adapter', type: 'f32' } as const)
        : ({ form: 'merged', type: 'f16' } as const);
    const file = await client.exportTo(folder, noted.run.id, round, form, signal, onFetch);
    return { file: file.path, published: null };
  } finally {
    line.done();
  }
}

function eventText(event: TrainingEvent): string {
  switch (event.type) {
    case 'chosen': {
      const { how, round, request, noted } = event.chosen;
      const groups = counted(request?.records.length ?? 0, 'group');
      if (how === 'trained') return `Round ${round} is trained, and there is nothing new to train on.`;
      const verb = how === 'begins' ? 'begins' : 'goes on, as it was asked for before';
      return `Round ${round} of run ${noted.run.id} ${verb}: ${groups}.`;
    }
    case 'forgotten':
      return `The trainer does not know the rounds of run ${event.run}: it begins anew.`;
    case 'sent':
      return `Sending: ${event.groups} of ${counted(event.of, 'group')}`;
    case 'progress': {
      const { state, steps, tokens } = event.progress;
      return `Training (${state}): ${counted(steps, 'step')}, ${counted(tokens, 'token')}`;
    }
  }
}

/** What was chosen of the policy; undefined where nothing was. */
function policyOf({ full, learningRate: rate }: TrainFlags): PolicyChoice | undefined {
  if (!full && rate === undefined) return undefined;
  const policy = full ? defaultPolicy.full : defaultPolicy.lora;
  return rate === undefined ? policy : { ...policy, learningRate: rate };
}

function learningRate(text: string): number {
  const rate = positiveNumber(text);
  if (rate > 1) throw new InvalidArgumentError('Give a number above 0 and at most 1, such as 2e-4.');
  return rate;
}

function besideStore(store: Store, name: string): string {
  return path.join(path.dirname(store.path), name);
}

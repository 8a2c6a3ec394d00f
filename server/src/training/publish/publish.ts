import { stat } from 'node:fs/promises';
import { type Creation, createFromFile, sha256Of } from '../../model/create-from-file.ts';
import { describeModel, type ModelDescription } from '../../model/describe-model.ts';
import { ModelError } from '../../model/model-error.ts';
import { ollamaEndpoint } from '../../model/ollama.ts';
import type { ModelProgress } from '../../model/pull.ts';
import {
  type CandidateMark,
  candidateName,
  licenceOf,
  markOf,
  type NamedModel,
  type WeightsFile,
} from './candidate.ts';
import { deleteModel } from './delete-model.ts';
import { answerAlike, firstTokens } from './first-tokens.ts';
import { PublishError } from './publish-error.ts';
import { checkRoom, type FreeBytes, freeBytes } from './room.ts';

/** What publishing needs to know of its surroundings. */
export interface PublishOptions {
  readonly host: string;
  /** Whether the weights must differ from the base's: all but those of round 0 must. */
  readonly tuned: boolean;
  readonly now?: () => Date;
  readonly free?: FreeBytes;
  readonly onProgress?: (progress: ModelProgress) => void;
}

/** A candidate on its server. */
export interface PublishedModel extends NamedModel {
  readonly mark: CandidateMark;
  /** `found`: the same weights were published before. */
  readonly how: 'created' | 'found';
}

/**
 * Makes a model of exported weights, in the manner of its base (template, system prompt, parameters), and sees that the server
 * really answers with them. The file of an adapter is put upon `base`, that of a whole model stands alone. The same weights again
 * find the model that is there. Where anything fails the new model is deleted again, as far as the server lets us; what was
 * uploaded stays until Ollama starts again, which cannot be asked for.
 *
 * Rejects with `PublishError`, or as the signal says. Whether the weights are those that were trained is not told here:
 * `checkPublished`.
 */
export async function publishWeights(
  base: NamedModel,
  weights: WeightsFile,
  options: PublishOptions,
  signal: AbortSignal,
): Promise<PublishedModel> {
  const { host, now = () => new Date() } = options;
  const name = candidateName(base, weights);
  try {
    await checkBase(base, host, signal);
    const described = await describeModel(base.name, host, signal);
    if (weights.form === 'merged' && described.weights.includes(weights.sha256)) throw sameAsBase(base);
    const found = await publishedBefore(name, base, weights, host, signal);
    if (found !== undefined) return await foundApplied(found, options, signal);
    await checkFile(weights, signal);
    const { size } = await stat(weights.path);
    await checkRoom(size, { host, blobs: described.blobs }, options.free ?? freeBytes);
    const { form, type, sha256 } = weights;
    const { digest } = base;
    const createdAt = now().toISOString();
    const mark = { schema: 1, base: { name: base.name, digest }, form, type, sha256, createdAt } as const;
    return await createWhole({ name, mark, weights, described, options }, signal);
  } catch (error) {
    signal.throwIfAborted();
    throw asPublishError(error);
  }
}

interface Plan {
  readonly name: string;
  readonly mark: CandidateMark;
  readonly weights: WeightsFile;
  readonly described: ModelDescription;
  readonly options: PublishOptions;
}

async function createWhole(
  { name, mark, weights, described, options }: Plan,
  signal: AbortSignal,
): Promise<PublishedModel> {
  const { host, onProgress = () => undefined } = options;
  const licence = licenceOf(mark);
  const { sha256 } = mark;
  const creation: Creation =
    mark.form === 'adapter'
      ? { adapterOf: mark.base.name, license: [licence], sha256 }
      : {
          manner: described.manner,
          sha256,
          license: described.license === '' ? [licence] : [described.license, licence],
        };
  return orDeleted(name, host, async () => {
    await createFromFile(name, weights.path, host, onProgress, signal, creation).catch((error: unknown) => {
      throw refusedForm(error, mark, signal);
    });
    const digest = await checkMade(name, mark, host, signal);
    return await applied({ name, digest, mark, how: 'created' }, options, signal);
  });
}

/** Nothing half-made stays. Its own limit, not the signal: that may be why it failed. */
async function orDeleted<T>(name: string, host: string, make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (error) {
    await deleteModel(name, host).catch(() => undefined);
    throw error;
  }
}

/** One that is found may have been left before anybody looked whether it is used. */
async function foundApplied(
  found: PublishedModel,
  options: PublishOptions,
  signal: AbortSignal,
): Promise<PublishedModel> {
  try {
    return await applied(found, options, signal);
  } catch (error) {
    if (PublishError.is(error, 'not-applied', 'form-refused'))
      await deleteModel(found.name, options.host).catch(() => undefined);
    throw error;
  }
}

/** The model, once it is seen not to answer as its base. */
async function applied(
  published: PublishedModel,
  { host, tuned }: PublishOptions,
  signal: AbortSignal,
): Promise<PublishedModel> {
  if (tuned) await checkApplied(published, host, signal);
  return published;
}

async function checkBase({ name, digest }: NamedModel, host: string, signal: AbortSignal): Promise<void> {
  const info = await ollamaEndpoint({ host }).model(name, signal);
  if (info?.digest === digest) return;
  const state = info === undefined ? 'is gone' : `is ${info.digest.slice(0, 12)} now`;
  throw new PublishError(
    'base-changed',
    `${name} ${state}; the weights were tuned from ${digest.slice(0, 12)}. Begin a new run.`,
  );
}

async function publishedBefore(
  name: string,
  base: NamedModel,
  weights: WeightsFile,
  host: string,
  signal: AbortSignal,
): Promise<PublishedModel | undefined> {
  const info = await ollamaEndpoint({ host }).model(name, signal);
  if (info === undefined) return undefined;
  const { license, ...made } = await describeModel(name, host, signal);
  const mark = markOf(name, license);
  const isSame =
    mark !== undefined &&
    mark.base.digest === base.digest &&
    mark.sha256 === weights.sha256 &&
    filesIn(made, mark).includes(mark.sha256);
  if (isSame) return { name, digest: info.digest, mark, how: 'found' };
  throw new PublishError(
    'name-taken',
    `${name} is there and is not ours. Look at it (ollama show ${name}), and rename or delete it.`,
  );
}

async function checkFile({ path, sha256 }: WeightsFile, signal: AbortSignal): Promise<void> {
  const content = await sha256Of(path, signal).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new PublishError('bad-export', `${path} cannot be read. Export the round again.`, { cause });
  });
  if (content === sha256) return;
  throw new PublishError(
    'bad-export',
    `${path} is not the file that the trainer told of (${content.slice(0, 12)}, not ${sha256.slice(0, 12)}). Fetch it again.`,
  );
}

/** The digest of what was made, once it is seen to be made of our file. */
async function checkMade(
  name: string,
  mark: CandidateMark,
  host: string,
  signal: AbortSignal,
): Promise<string> {
  const info = await ollamaEndpoint({ host }).model(name, signal);
  if (info === undefined) throw notApplied(`${host} says that it made ${name}, and has no such model.`);
  if (info.digest === mark.base.digest) throw sameAsBase(mark.base);
  const made = await describeModel(name, host, signal);
  if (filesIn(made, mark).includes(mark.sha256) && markOf(name, made.license) !== undefined)
    return info.digest;
  throw notApplied(`${host} made ${name} without the ${mark.form} weights that it was given.`);
}

function filesIn(
  { weights, adapters }: Pick<ModelDescription, 'weights' | 'adapters'>,
  { form }: Pick<CandidateMark, 'form'>,
): readonly string[] {
  return form === 'adapter' ? adapters : weights;
}

async function checkApplied(
  { name, mark }: PublishedModel,
  host: string,
  signal: AbortSignal,
): Promise<void> {
  const tuned = await firstTokens({ name }, host, signal).catch((error: unknown) => {
    // It was made and cannot be loaded: some engines know no adapters.
    throw refusedForm(error, mark, signal);
  });
  const before = await firstTokens(mark.base, host, signal);
  if (answerAlike(before, tuned))
    throw notApplied(`${name} answers as ${mark.base.name} does, to the bit: its weights are not used.`);
}

function notApplied(message: string): PublishError {
  return new PublishError('not-applied', `${message} Publish them in another form.`);
}

function sameAsBase({ name }: NamedModel): PublishError {
  return new PublishError('same-as-base', `The weights are those of ${name}: nothing was trained.`);
}

function refusedForm(error: unknown, { form, type }: CandidateMark, signal: AbortSignal): unknown {
  if (signal.aborted || !ModelError.is(error, 'http-error', 'load-failed')) return error;
  return new PublishError(
    'form-refused',
    `Weights as ${form} ${type} are refused: ${error.message} Publish them in another form.`,
    { cause: error },
  );
}

const away: ReadonlySet<unknown> = new Set(['refused', 'unreachable', 'timed-out', 'stalled']);

/** What a call to the server failed with, as a `PublishError`; anything else as it is. */
export function asPublishError(error: unknown): unknown {
  if (!ModelError.is(error)) return error;
  const missing = error.reason === 'model-missing' ? 'base-changed' : 'server';
  const reason = away.has(error.reason) ? 'gone' : missing;
  return new PublishError(reason, `Publishing failed: ${error.message}`, { cause: error });
}

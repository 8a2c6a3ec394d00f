import { rm } from 'node:fs/promises';
import type { Group } from '../../../../protocol/group.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Store } from '../../store/store.ts';
import { type CheckFigures, type CheckSize, checkPublished } from '../publish/check-published.ts';
import { publishRound, RefusedForms } from '../publish/choose-form.ts';
import { deleteModel } from '../publish/delete-model.ts';
import type { PublishedModel } from '../publish/publish.ts';
import { PublishError } from '../publish/publish-error.ts';
import { freeBytes } from '../publish/room.ts';
import { withRound } from './choose-round.ts';
import type { TrainerClient } from './trainer-client.ts';
import { type NotedRun, type NoteStore, noteRun } from './training-note.ts';

export interface PublishParts {
  readonly store: NoteStore & Pick<Store, 'groups' | 'audit'>;
  readonly client: TrainerClient;
  readonly endpoint: Endpoint;
  /** Where exports are put until Ollama has them. */
  readonly folder: string;
  readonly onFetch: (doneBytes: number, totalBytes: number) => void;
  /** How much is sampled to check. */
  readonly size?: CheckSize;
}

/** A round that Ollama serves, and how near it is to what was trained. */
export interface PublishedRound {
  readonly model: PublishedModel;
  readonly figures: CheckFigures;
  readonly noted: NotedRun;
}

/** Prompts that are sampled to check a publish. */
const mostPrompts = 32;

/**
 * Publishes a trained round to Ollama and checks what it serves. One that is broken is deleted again and noted as not published. Rejects
 * with `PublishError`, `TrainerError`, `ModelError`, or as the signal says; the same call again goes on.
 */
export async function publishTrained(
  noted: NotedRun,
  round: number,
  parts: PublishParts,
  signal: AbortSignal,
): Promise<PublishedRound> {
  const { store, client, endpoint, folder, onFetch } = parts;
  const { host } = endpoint;
  const { run, base } = noted;
  const last = noted.rounds[round - 1];
  if (last === undefined) throw new RangeError(`run ${run.id} has no round ${round}`);
  const fetched: string[] = [];
  const exportAs: Parameters<typeof publishRound>[1]['exportAs'] = async (form, until) => {
    const file = await client.exportTo(folder, run.id, round, form, until, onFetch);
    fetched.push(file.path);
    return file;
  };
  const mostBytes = (await freeBytes(folder)) ?? Number.POSITIVE_INFINITY;
  const weights = { policy: run.policy.type, mostBytes, exportAs };
  const model = await publishRound(base, weights, new RefusedForms(), { host, tuned: true }, signal);
  const { name, digest, mark } = model;
  await client.published(run.id, round, { digest, type: mark.type }, signal);
  const audit = (outcome: 'good' | 'broken') =>
    store.audit({
      what: 'published',
      detail: { run: run.id, round, model: name, digest, base: base.name, outcome },
    });
  const checking = {
    endpoint,
    tuned: client.rescorer(run.id, round),
    base: client.rescorer(run.id, 0),
    groups: await prompts(store, last.request.records),
    randomSeed: run.randomSeed,
    ...(parts.size === undefined ? {} : { size: parts.size }),
  };
  try {
    const figures = await checkPublished(model, checking, signal);
    const published = { name, digest, type: mark.type };
    const kept = withRound(noted, round, { ...last, published });
    await noteRun(store, kept);
    await audit('good');
    // Ollama has its own copy.
    for (const file of fetched) await rm(file, { force: true });
    return { model, figures, noted: kept };
  } catch (error) {
    if (PublishError.is(error, 'broken')) {
      await audit('broken');
      await deleteModel(name, host).catch(() => undefined);
    }
    throw error;
  }
}

/** Groups of the round whose prompts are sampled: spread over it, since its first ones may be of one kind. */
async function prompts(store: PublishParts['store'], records: readonly string[]): Promise<readonly Group[]> {
  const every = Math.max(1, Math.floor(records.length / mostPrompts));
  const ids = records.filter((_, index) => index % every === 0).slice(0, mostPrompts);
  return store.groups({ ids });
}

import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { ExportRequest, type PolicyChoice, RoundRequest, TrainingRun } from '../../../../protocol/trainer.ts';
import { readNote } from '../../store/read-note.ts';
import type { Store } from '../../store/store.ts';

/** A round that a trainer was asked for. */
export const NotedRound = z.object({
  /** To the letter, since the trainer knows a round again by it. */
  request: RoundRequest,
  /** `asked`: not known to be done; `still`: done without a step, so the weights are those before it; `trained`: they moved. */
  state: z.enum(['asked', 'still', 'trained']),
  /** The candidate that Ollama has of it, once it was checked. */
  published: z.object({ name: z.string(), digest: z.string(), type: ExportRequest.shape.type }).nullable(),
});
export type NotedRound = z.infer<typeof NotedRound>;

/** A run that a store's groups were trained in; the first of its rounds is number 1. */
export const NotedRun = z.object({
  schema: z.literal(1),
  run: TrainingRun,
  base: z.object({ name: z.string(), digest: z.string() }),
  rounds: z.array(NotedRound),
});
export type NotedRun = z.infer<typeof NotedRun>;

/** The runs of a store by id, oldest first, and a number by which a trainer that serves many stores tells this one's apart. */
const Index = z.object({ schema: z.literal(1), store: z.string(), runs: z.array(z.string()) });

const indexNote = 'training';
const runNote = (id: string) => `training ${id}`;

export type NoteStore = Pick<Store, 'note' | 'setNote'>;

/** All runs, newest first. */
export async function notedRuns(store: NoteStore): Promise<readonly NotedRun[]> {
  const { runs } = await index(store);
  const found: NotedRun[] = [];
  for (const id of runs.toReversed()) {
    const run = readNote(NotedRun, await store.note(runNote(id)));
    if (run !== undefined) found.push(run);
  }
  return found;
}

/** Keeps a run in the place of what was noted of it. */
export async function noteRun(store: NoteStore, noted: NotedRun): Promise<void> {
  const known = await index(store);
  const { id } = noted.run;
  await store.setNote(runNote(id), JSON.stringify(noted));
  if (known.runs.includes(id)) return;
  await store.setNote(indexNote, JSON.stringify({ ...known, runs: [...known.runs, id] }));
}

/** A run as it begins: the same id for the same store, base and policy. */
export async function newRun(
  store: NoteStore,
  base: NotedRun['base'],
  policy: PolicyChoice,
): Promise<NotedRun> {
  const known = await index(store);
  const content = JSON.stringify([known.store, base.digest, policy]);
  const id = createHash('sha256').update(content).digest('hex').slice(0, 32);
  const run: TrainingRun = { id, digest: base.digest, policy, randomSeed: 0, kl: 0, entropy: 0 };
  return { schema: 1, run, base, rounds: [] };
}

async function index(store: NoteStore): Promise<z.infer<typeof Index>> {
  const found = readNote(Index, await store.note(indexNote));
  if (found !== undefined) return found;
  const made: z.infer<typeof Index> = { schema: 1, store: randomBytes(16).toString('hex'), runs: [] };
  await store.setNote(indexNote, JSON.stringify(made));
  return made;
}

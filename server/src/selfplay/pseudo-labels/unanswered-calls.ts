import { z } from 'zod';
import { UnansweredCall } from '../../../../protocol/pseudo-label.ts';
import type { UnitRef } from '../../../../protocol/seed.ts';
import { readNote } from '../../store/read-note.ts';
import type { Store } from '../../store/store.ts';

/** Calls that are kept of a folder; some are left out where there are more. */
export const mostUnanswered = 256;

const Kept = z.object({ schema: z.literal(1), calls: z.array(UnansweredCall) });

const noteOf = (folder: string) => `unanswered ${folder}`;

/** The calls of a folder that execution cannot answer, as it was last mined. */
export async function unansweredCalls(
  store: Pick<Store, 'note'>,
  folder: string,
): Promise<readonly UnansweredCall[]> {
  return readNote(Kept, await store.note(noteOf(folder)))?.calls ?? [];
}

/** Keeps what a mining found, in the place of what it found before of the units that were mined. Ids are kept once. */
export async function keepUnanswered(
  found: readonly UnansweredCall[],
  folder: string,
  isMinedNow: (unit: UnitRef) => boolean,
  store: Pick<Store, 'note' | 'setNote'>,
): Promise<void> {
  const others = (await unansweredCalls(store, folder)).filter(({ unit }) => !isMinedNow(unit));
  const all = [...new Map([...others, ...found].map((call) => [call.id, call])).values()];
  await store.setNote(
    noteOf(folder),
    JSON.stringify({ schema: 1, calls: all.slice(-mostUnanswered) } satisfies z.infer<typeof Kept>),
  );
}

import { z } from 'zod';
import { StyleCounts } from '../../../../protocol/calibration.ts';
import { type Cell, cellName } from '../../../../protocol/kind.ts';
import { readNote } from '../../store/read-note.ts';
import type { Store } from '../../store/store.ts';
import { kindSpec } from '../../tasks/kinds.ts';
import { contentId } from '../../tasks/record-id.ts';
import { allStyles } from '../../tasks/styles/style.ts';
import type { CellItems } from './items.ts';
import { uncounted } from './ranking.ts';

/** How far a calibration came: enough to go on after an interruption, whatever ended it. */
export const Progress = z.object({
  /** What all of it depends on: settings, prompts and the questions. Other counts are of another calibration. */
  about: z.string(),
  /** The round that is being asked, counted from 1. */
  round: z.number().int().positive(),
  startedAt: z.string(),
  /** By the name of the cell. */
  cells: z.record(z.string(), z.array(StyleCounts)),
});
export type Progress = z.infer<typeof Progress>;

function noteOf(digest: string): string {
  return `calibration so far ${digest}`;
}

/** A print of what counts depend on. */
export function aboutOf(
  cells: readonly CellItems[],
  settings: { readonly samples: number; readonly randomSeed: number; readonly hasTemplate: boolean },
): string {
  return contentId(
    settings,
    cells.map(({ kind, role, items }) => [
      kind,
      role,
      kindSpec(kind).promptVersion,
      items.map(({ id }) => id),
    ]),
  );
}

export async function storedProgress(
  store: Pick<Store, 'note'>,
  digest: string,
  about: string,
): Promise<Progress | undefined> {
  const progress = readNote(Progress, await store.note(noteOf(digest)));
  return progress?.about === about ? progress : undefined;
}

/** Keeps progress; none where there is nothing to go on with. */
export async function keepProgress(
  store: Pick<Store, 'setNote'>,
  digest: string,
  progress: Progress | undefined,
): Promise<void> {
  await store.setNote(noteOf(digest), JSON.stringify(progress ?? null));
}

/** Nothing asked yet: of each cell all styles that the model can be asked in. */
export function newProgress(cells: readonly Cell[], about: string, hasTemplate: boolean): Progress {
  const styles = allStyles.filter(({ frame }) => hasTemplate || (frame !== 'chat' && frame !== 'schema'));
  return {
    about,
    round: 1,
    startedAt: new Date().toISOString(),
    cells: Object.fromEntries(cells.map((cell) => [cellName(cell), styles.map(uncounted)])),
  };
}

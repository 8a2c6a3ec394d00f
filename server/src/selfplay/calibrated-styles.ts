import { Calibration } from '../../../protocol/calibration.ts';
import { cellName } from '../../../protocol/kind.ts';
import type { Style } from '../../../protocol/style.ts';
import { readNote } from '../store/read-note.ts';
import type { Store } from '../store/store.ts';
import { kindSpec } from '../tasks/kinds.ts';
import { defaultStyles, isTrainable, type Styles, styleName, stylesOf } from '../tasks/styles/style.ts';

/** The store's note of what calibration found of a model. */
function noteOf(digest: string): string {
  return `calibration ${digest}`;
}

/**
 * Keeps what was found of a model, in the place of what was found before but for cells that were not asked enough now, and writes what
 * is chosen into the audit log.
 */
export async function keepCalibration(
  store: Pick<Store, 'note' | 'setNote' | 'audit'>,
  found: Calibration,
): Promise<void> {
  const { model } = found;
  const before = readNote(Calibration, await store.note(noteOf(model.digest)))?.cells ?? [];
  const cells = found.cells.map((cell) =>
    cell.why === 'not-asked' || cell.why === 'too-few'
      ? (before.find((each) => cellName(each) === cellName(cell)) ?? cell)
      : cell,
  );
  await store.setNote(noteOf(model.digest), JSON.stringify({ ...found, cells }));
  const styles = cells.flatMap(({ chosen, ...cell }) =>
    chosen === null ? [] : [[cellName(cell), styleName(chosen)]],
  );
  await store.audit({
    what: 'calibrated',
    detail: { model: model.name, digest: model.digest, styles: Object.fromEntries(styles) },
  });
}

/**
 * The styles that calibration chose for a model; undefined where it never did. The default where a cell has none, or where its
 * prompts are others now than those that were measured.
 */
export async function calibratedStyles(
  store: Pick<Store, 'note'>,
  digest: string,
): Promise<Styles | undefined> {
  const found = readNote(Calibration, await store.note(noteOf(digest)));
  if (found === undefined) return undefined;
  const chosen = new Map<string, Style>();
  for (const cell of found.cells) {
    const isCurrent = cell.promptVersion === kindSpec(cell.kind).promptVersion;
    if (cell.chosen !== null && isCurrent && isTrainable(cell.chosen))
      chosen.set(cellName(cell), cell.chosen);
  }
  return stylesOf(chosen);
}

/** As `calibratedStyles`, or the default styles. */
export async function playStyles(store: Pick<Store, 'note'>, digest: string): Promise<Styles> {
  return (await calibratedStyles(store, digest)) ?? defaultStyles;
}

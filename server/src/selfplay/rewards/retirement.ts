/** A model version's attempts on one pattern, oldest version first. */
export interface PatternVersion {
  /** Digest of the weights. */
  readonly version: string;
  /** r̃: mean solve rate corrected for guessing, in [0, 1]. */
  readonly corrected: number;
  /** Whether this version's weights were made by training on tasks of the pattern. */
  readonly trained: boolean;
}

/** Versions that trained on a pattern without gain before it is retired. */
const patience = 3;

/**
 * Whether a pattern (output type × structure) is to be played no more: its corrected rate rose in none of the last three versions
 * that trained on it above the best there was before them. A pattern with nothing before those three is kept: there is nothing
 * to have risen above.
 */
export function isRetired(history: readonly PatternVersion[]): boolean {
  const trained = history.flatMap(({ trained: its }, index) => (its ? [index] : []));
  const first = trained.at(-patience);
  if (trained.length < patience || first === undefined || first === 0) return false;
  const corrected = (versions: readonly PatternVersion[]) =>
    Math.max(...versions.map((version) => version.corrected));
  return corrected(history.slice(first)) <= corrected(history.slice(0, first));
}

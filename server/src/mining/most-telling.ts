/** How a call ended, as far as choosing among calls asks. */
export interface Candidate {
  /** Literal text of what it returned. */
  readonly output: string;
  /** Lines of the program that it executed; empty where that is not known. */
  readonly lines: readonly number[];
}

/** What calls that are chosen already show. */
export interface Shown {
  readonly lines: ReadonlySet<number>;
  readonly outputs: ReadonlySet<string>;
}

/**
 * At most `most` of the candidates: first those that execute most lines that none before executed, then those with new outputs.
 * Of equals the first comes first.
 */
export function mostTelling<T extends Candidate>(
  candidates: readonly T[],
  most: number,
  shown: Shown = { lines: new Set(), outputs: new Set() },
): T[] {
  const chosen: T[] = [];
  const lines = new Set(shown.lines);
  const outputs = new Set(shown.outputs);
  const left = new Set(candidates);
  const take = (candidate: T) => {
    chosen.push(candidate);
    left.delete(candidate);
    outputs.add(candidate.output);
    for (const line of candidate.lines) lines.add(line);
  };
  while (chosen.length < most) {
    let best: { readonly candidate: T; readonly gain: number } | undefined;
    for (const candidate of left) {
      const gain = candidate.lines.filter((line) => !lines.has(line)).length;
      if (gain > (best?.gain ?? 0)) best = { candidate, gain };
    }
    if (best === undefined) break;
    take(best.candidate);
  }
  for (const candidate of left) {
    if (chosen.length < most && !outputs.has(candidate.output)) take(candidate);
  }
  return chosen;
}

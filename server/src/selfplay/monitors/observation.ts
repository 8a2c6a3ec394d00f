/** What a group of attempts says to monitors. */
export interface SolveObservation {
  readonly right: number;
  /** Attempts with a verdict. */
  readonly judged: number;
  /** Mean reward, scaled so that the least that the preset pays is 0 and the most 1. */
  readonly reward: number;
  /** c: the best trivial solver's rate on such tasks. */
  readonly chance: number;
  /** The task's output is one of few that its like have. */
  readonly fewValues: boolean;
}

/** What a group of proposals says. */
export interface ProposeObservation {
  readonly asked: number;
  /** Those that can be read, run and are fit to be tasks, be they known already or trivially solved. */
  readonly ran: number;
  /** Of those, the ones that are known already. */
  readonly known: number;
  /** Patterns (output type × structure) of those that became tasks. */
  readonly patterns: readonly string[];
}

/** What an evaluation on held-out tasks says. */
export interface HeldOutObservation {
  readonly right: number;
  readonly judged: number;
}

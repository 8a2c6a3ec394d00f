/** What is known of a valid and new proposal when its reward is due. */
export interface Measured {
  /** r̄: mean verdict over the attempts on it; undefined where it was not played, or nothing could be judged. */
  readonly solveRate: number | undefined;
  /** p̂: share of the attempts that give the commonest answer; undefined where it was not played. */
  readonly agreement: number | undefined;
  /** Mean number of tool calls in an attempt. */
  readonly toolCalls: number;
  /** Proposals of the same group that are equal to this one, itself included. */
  readonly siblings: number;
  /** c: rate of the best trivial solver on tasks of its kind and output type, those that it gets included. */
  readonly chance: number;
  /** Attempts on tasks of its pattern are shown to be no better than chance (`PatternRecord`). */
  readonly atChance: boolean;
  /** Share of everything known that is like it in structure or in behaviour. */
  readonly repetition: number;
  /** Share of the known outputs of its type that are its output. */
  readonly outputShare: number;
}

/** A valid proposal that was not played: nothing is known of it but that it has so many equal siblings. */
export function unplayed(siblings: number): Measured {
  return {
    solveRate: undefined,
    agreement: undefined,
    toolCalls: 0,
    siblings,
    chance: 0,
    atChance: false,
    repetition: 0,
    outputShare: 0,
  };
}

import type { Kind } from '../../../../protocol/kind.ts';
import type { TrivialSolver } from '../../../../protocol/task.ts';
import { smallTypes } from './output-type.ts';

/** A task that passed every check but that of the trivial solvers. */
export interface Rated {
  readonly kind: Kind;
  /** Null where it is not known: then the task counts for its kind alone. */
  readonly outputType: string | null;
  readonly output: string | null;
  /** The trivial solver that gets it, if one does. */
  readonly trivial: TrivialSolver | null;
}

/** Tasks of a type below which the rate of its kind is taken. */
const enough = 50;
/** Outputs of a type that are told apart; what is beyond is counted with nothing. */
const maxOutputs = 10_000;
/** A type with so many values in use can be guessed. */
const fewValues = 10;

interface Tally {
  tasks: number;
  readonly solvers: Map<TrivialSolver, number>;
  readonly outputs: Map<string, number>;
}

/**
 * How often the best trivial solver is right: counted over all tasks that were validated, before those that such a solver gets
 * are dropped, by kind and output type, and by kind where a type has fewer than 50.
 */
export class GuessRates {
  readonly #tallies = new Map<string, Tally>();

  add({ kind, outputType, output, trivial }: Rated): void {
    for (const key of outputType === null ? [kind] : [kind, `${kind}/${outputType}`]) {
      const tally = this.#tallies.get(key) ?? { tasks: 0, solvers: new Map(), outputs: new Map() };
      this.#tallies.set(key, tally);
      tally.tasks += 1;
      if (trivial !== null) tally.solvers.set(trivial, (tally.solvers.get(trivial) ?? 0) + 1);
      if (output === null || key === kind) continue;
      if (tally.outputs.has(output) || tally.outputs.size < maxOutputs)
        tally.outputs.set(output, (tally.outputs.get(output) ?? 0) + 1);
    }
  }

  /**
   * c, in [0, 1]; 0 where nothing was counted. Of a type's own rate the commonest output's share is a part: a record names only
   * the first trivial solver that gets a task, which may hide that another gets more.
   */
  chance(kind: Kind, outputType: string): number {
    const ofType = this.#tallies.get(`${kind}/${outputType}`);
    const tally = ofType !== undefined && ofType.tasks >= enough ? ofType : this.#tallies.get(kind);
    if (tally === undefined) return 0;
    return Math.max(0, ...tally.solvers.values(), ...commonest(tally, kind)) / tally.tasks;
  }

  /** Whether outputs of a type have at most ten values: of its nature, or as far as seen where 50 or more were. */
  hasFewValues(kind: Kind, outputType: string): boolean {
    if (smallTypes.has(outputType)) return true;
    const tally = this.#tallies.get(`${kind}/${outputType}`);
    return tally !== undefined && tally.tasks >= enough && tally.outputs.size <= fewValues;
  }

  /** Share of the known outputs of a type that are this one; 0 where none is known. */
  outputShare(kind: Kind, outputType: string, output: string): number {
    const tally = this.#tallies.get(`${kind}/${outputType}`);
    return tally === undefined ? 0 : (tally.outputs.get(output) ?? 0) / tally.tasks;
  }
}

/** How many the commonest output of a type would get: in deduction, where the output is what is asked. */
function commonest({ outputs }: Tally, kind: Kind): number[] {
  if (kind !== 'deduction') return [];
  let most = 0;
  for (const count of outputs.values()) most = Math.max(most, count);
  return [most];
}

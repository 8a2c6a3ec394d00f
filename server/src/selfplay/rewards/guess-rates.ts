import type { Kind } from '../../../../protocol/kind.ts';
import type { TrivialSolver } from '../../../../protocol/task.ts';
import { dropOldest } from '../../drop-oldest.ts';
import { smallTypes } from './output-type.ts';

/** A task that passed every check but that of the trivial solvers. */
export interface Rated {
  readonly kind: Kind;
  /** Null where it is not known: then the task counts for its kind alone. */
  readonly outputType: string | null;
  /** Output type × structure; null where it is not looked at. */
  readonly pattern: string | null;
  readonly output: string | null;
  /** The trivial solver that gets it, if one does. */
  readonly trivial: TrivialSolver | null;
}

/** What is asked about: a kind's tasks of one output type, and of one pattern where that is known. */
export type Likeness = Pick<Rated, 'kind' | 'pattern'> & { readonly outputType: string };

/** Tasks of a type below which the rate of its kind is taken. */
const enough = 50;
/** Tasks of a pattern below which its own rate says nothing. */
const enoughOfPattern = 24;
/** Outputs that are told apart, of a type and of a pattern; what is beyond is counted with nothing. */
const maxOutputs = { type: 10_000, pattern: 256 } as const;
/** Patterns that are counted; of the one that was met first nothing is known then. */
const maxPatterns = 10_000;
/** What has so many values in use can be guessed. */
const fewValues = 10;

interface Tally {
  tasks: number;
  readonly solvers: Map<TrivialSolver, number>;
  readonly outputs: Map<string, number>;
}

/**
 * How often the best trivial solver is right: counted over all tasks that were validated, before those that such a solver gets
 * are dropped, by kind and output type, and by kind where a type has fewer than 50. Proposed tasks are counted by pattern too: a
 * parity that says 'odd' or 'even' hides among all other strings, but not among its own kind.
 */
export class GuessRates {
  readonly #kinds = new Map<string, Tally>();
  readonly #types = new Map<string, Tally>();
  readonly #patterns = new Map<string, Tally>();

  add(rated: Rated): void {
    const { kind, outputType, pattern } = rated;
    count(this.#kinds, kind, { ...rated, output: null }, 0);
    if (outputType !== null) count(this.#types, `${kind}/${outputType}`, rated, maxOutputs.type);
    if (pattern === null) return;
    count(this.#patterns, `${kind}/${pattern}`, rated, maxOutputs.pattern);
    dropOldest(this.#patterns, maxPatterns);
  }

  /**
   * c, in [0, 1]; 0 where nothing was counted. The commonest output's share is a part of it: a record names only the first trivial
   * solver that gets a task, which may hide that another gets more.
   */
  chance(like: Likeness): number {
    const ofType = this.#ofType(like);
    const general = ofType !== undefined && ofType.tasks >= enough ? ofType : this.#kinds.get(like.kind);
    const ofPattern = this.#ofPattern(like);
    return Math.max(bestRate(general, like.kind), bestRate(ofPattern, like.kind));
  }

  /** Whether outputs have at most ten values: by their type's nature, or as far as seen of its type or pattern. */
  hasFewValues(like: Likeness): boolean {
    if (smallTypes.has(like.outputType)) return true;
    const ofType = this.#ofType(like);
    const isFew = (tally: Tally | undefined) => tally !== undefined && tally.outputs.size <= fewValues;
    return (isFew(ofType) && (ofType?.tasks ?? 0) >= enough) || isFew(this.#ofPattern(like));
  }

  /** Share of the known outputs of a type that are this one; 0 where none is known. */
  outputShare(like: Likeness, output: string): number {
    const tally = this.#ofType(like);
    return tally === undefined ? 0 : (tally.outputs.get(output) ?? 0) / tally.tasks;
  }

  #ofType({ kind, outputType }: Likeness): Tally | undefined {
    return this.#types.get(`${kind}/${outputType}`);
  }

  /** Undefined where too few are known to say anything. */
  #ofPattern({ kind, pattern }: Likeness): Tally | undefined {
    const tally = pattern === null ? undefined : this.#patterns.get(`${kind}/${pattern}`);
    return tally !== undefined && tally.tasks >= enoughOfPattern ? tally : undefined;
  }
}

function count(tallies: Map<string, Tally>, key: string, { trivial, output }: Rated, outputs: number): void {
  const tally = tallies.get(key) ?? { tasks: 0, solvers: new Map(), outputs: new Map() };
  tallies.set(key, tally);
  tally.tasks += 1;
  if (trivial !== null) tally.solvers.set(trivial, (tally.solvers.get(trivial) ?? 0) + 1);
  if (output !== null && (tally.outputs.has(output) || tally.outputs.size < outputs))
    tally.outputs.set(output, (tally.outputs.get(output) ?? 0) + 1);
}

/** The best solver's rate; the commonest output is one in deduction, where the output is what is asked. */
function bestRate(tally: Tally | undefined, kind: Kind): number {
  if (tally === undefined) return 0;
  let most = Math.max(0, ...tally.solvers.values());
  if (kind === 'deduction') for (const outputs of tally.outputs.values()) most = Math.max(most, outputs);
  return most / tally.tasks;
}

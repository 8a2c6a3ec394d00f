import { type ProposeGroup, type SolveGroup, toolCalls } from '../../../../protocol/group.ts';
import type { Pair, Task } from '../../../../protocol/task.ts';
import { dropOldest } from '../../drop-oldest.ts';
import { agreement } from './agreement.ts';
import { GuessRates, type Likeness } from './guess-rates.ts';
import type { Measured } from './measured.ts';
import { outputText, outputType } from './output-type.ts';
import { patternOf, structureOf } from './pattern.ts';
import { PatternRecord } from './pattern-record.ts';
import { Repetition } from './repetition.ts';
import { solveRate, triedBy } from './solve-rate.ts';

/** Programs whose structure is kept; read again where they come back later. */
const maxStructures = 5_000;

/** Tasks that are remembered as counted: the one that was counted longest ago is counted again where it comes back. */
const maxValidated = 20_000;

const unknown = { outputType: null, pattern: null, output: null } as const;

/** What rewards need to know beyond the attempts on one task: how guessable, how often seen, how well its pattern goes. */
export class Evidence {
  readonly #rates = new GuessRates();
  readonly #patterns = new PatternRecord();
  readonly #structures = new Map<string, string>();
  readonly #novelty: boolean;
  /** Tasks whose programs were not read yet for repetition; kept only where the reward asks for it. */
  readonly #unread: Task[] = [];
  readonly #repetition = new Repetition();
  readonly #programs = new Set<string>();
  readonly #validated = new Set<string>();
  /** A task's output is read once, not at each choice of a task. */
  readonly #likes = new WeakMap<Task, Likeness>();

  /** `novelty`: the reward asks how new a proposal is (`Preset`). */
  constructor({ novelty }: { readonly novelty: boolean }) {
    this.#novelty = novelty;
  }

  /** Counts a task that the store has: mined, or proposed earlier. Its program is not read: that would cost a run a second of each thousand. */
  known(task: Task): void {
    this.#count(task, null);
  }

  /** Counts a proposal of now that passed every check but that of the trivial solvers, be it solved by one or not. */
  proposed(task: Task): void {
    this.#count(task, this.pattern(task));
  }

  /** Counts what an earlier process of the run saw: of proposals that were trivially solved nothing is kept but by what. */
  recorded(group: ProposeGroup): void {
    for (const { verdict } of group.samples) {
      if (verdict.verdict !== 'trivial') continue;
      this.#rates.add({ ...unknown, kind: group.kind, trivial: verdict.reason });
    }
  }

  /** Counts a group of attempts on a task. */
  played(task: Task, { samples }: Pick<SolveGroup, 'samples'>): void {
    const { right, judged } = triedBy(samples.map(({ verdict }) => verdict));
    this.#patterns.add(this.pattern(task), right, judged);
  }

  /** What a proposal's reward is made from, after its task was played. */
  measure(task: Task, { samples }: Pick<SolveGroup, 'samples'>): Omit<Measured, 'siblings'> {
    const chance = this.chance(task);
    return {
      solveRate: solveRate(samples.map(({ verdict }) => verdict)),
      agreement: agreement(samples),
      toolCalls: samples.reduce((sum, each) => sum + toolCalls(each), 0) / Math.max(1, samples.length),
      chance,
      atChance: this.#patterns.isAtChance(this.pattern(task), chance),
      repetition: this.#novelty ? this.#repetitionOf(task) : 0,
      outputShare: this.#rates.outputShare(this.#like(task), outputText(task)),
    };
  }

  /** c of a task: the best trivial solver's rate on its like. */
  chance(task: Task): number {
    return this.#rates.chance(this.#like(task));
  }

  /** Whether a task's output is one of few that its like have. */
  hasFewValues(task: Task): boolean {
    return this.#rates.hasFewValues(this.#like(task));
  }

  /** Output type × structure. */
  pattern(task: Task): string {
    return patternOf(this.#like(task).outputType, this.#structure(task.program));
  }

  /** How much of what is known beside it is like a task. */
  #repetitionOf(task: Task): number {
    const later: Task[] = [];
    for (const known of this.#unread) {
      const { program } = known;
      // A task that is just proposed was counted already, and is not to be its own repetition.
      if (known.id === task.id) later.push(known);
      else if ('hidden' in known || this.#programs.has(program)) continue;
      else {
        this.#programs.add(program);
        this.#repetition.add({ structure: this.#structure(program), pairs: [[known.call, known.output]] });
      }
    }
    this.#unread.splice(0, this.#unread.length, ...later);
    const pairs: Pair[] = 'hidden' in task ? task.shown : [[task.call, task.output]];
    return this.#repetition.of({ structure: this.#structure(task.program), pairs });
  }

  #count(task: Task, pattern: string | null): void {
    const { id, kind, trivial } = task;
    // What is trivially solved is not archived: a model may propose it again and again.
    if (this.#validated.has(id)) return;
    this.#validated.add(id);
    dropOldest(this.#validated, maxValidated);
    const like = { kind, outputType: outputType(task), pattern };
    this.#likes.set(task, like);
    this.#rates.add({ ...like, trivial, output: outputText(task) });
    if (this.#novelty && (trivial === null || task.origin === 'mined')) this.#unread.push(task);
  }

  #like(task: Task): Likeness {
    const like = this.#likes.get(task) ?? { kind: task.kind, outputType: outputType(task), pattern: null };
    this.#likes.set(task, like);
    return like;
  }

  #structure(program: string): string {
    const known = this.#structures.get(program);
    if (known !== undefined) return known;
    const structure = structureOf(program);
    if (this.#structures.size >= maxStructures) this.#structures.clear();
    this.#structures.set(program, structure);
    return structure;
  }
}

import type { Task, TrivialSolver } from '../../protocol/task.ts';
import type { CommonOutput } from '../../server/src/judge/trivial-context.ts';
import { trivialDeduction } from '../../server/src/judge/trivial-deduction.ts';
import type { Choices } from '../../server/src/selfplay/choices.ts';
import { contentId } from '../../server/src/tasks/record-id.ts';
import { readCall, readOutput } from '../../server/src/values/literal-reader.ts';

/** A task of the simulated world. */
export interface SimulatedTask {
  readonly task: Task;
  /** Skill at which half of the attempts are right. Endless for a coin flip: only a guess can answer it. */
  readonly difficulty: number;
  /** Share of guesses that are right. */
  readonly guess: number;
}

interface Pattern {
  readonly program: string;
  /** An output, drawn. */
  readonly output: (choices: Choices) => string;
  readonly guess: number;
}

const words = Array.from({ length: 400 }, (_, index) => `'w${index}'`);
const text = (choices: Choices) => choices.one(words) ?? "''";
const number = (choices: Choices) => `${10 + (choices.randomSeed() % 900)}`;
const digit = (choices: Choices) => `${choices.randomSeed() % 10}`;
const truth = (choices: Choices) => (choices.randomSeed() % 2 === 0 ? 'True' : 'False');
const list = (choices: Choices) => `[${number(choices)}, ${number(choices)}]`;

const calls = ['strip', 'lower', 'split', 'replace', 'count', 'index', 'join', 'title'];
const loops = ['', '    for y in x:\n        x = y\n', '    if x:\n        x = x[1:]\n'];

/** What an honest proposer writes: 24 structures, a sixth of them with few possible outputs. */
const honest: readonly Pattern[] = loops.flatMap((loop) =>
  calls.map((name, index): Pattern => {
    const program = `def f(x):\n${loop}    return x.${name}(1)\n`;
    if (index === 4) return { program, output: digit, guess: 0.1 };
    if (index === 5 && loop === '') return { program, output: truth, guess: 0.5 };
    const output = index % 3 === 0 ? text : index % 3 === 1 ? list : number;
    return { program, output, guess: 0.01 };
  }),
);

/** What nothing but a guess can answer, by its number of sides: a parity in words, and remainders of a hash. */
export const dice = {
  2: {
    program: "def f(x):\n    return 'odd' if hash(x) % 2 else 'even'\n",
    output: (choices: Choices) => choices.one(["'odd'", "'even'"]) ?? '',
    guess: 1 / 2,
  },
  4: {
    program: 'def f(x):\n    return hash(x) % 4\n',
    output: (choices: Choices) => `${choices.randomSeed() % 4}`,
    guess: 1 / 4,
  },
  10: {
    program: 'def f(x):\n    return int(str(hash(x))[-1])\n',
    output: digit,
    guess: 1 / 10,
  },
} as const satisfies Record<number, Pattern>;
export type Sides = keyof typeof dice;

const unit = {
  folder: '/simulated',
  file: 'world.py',
  symbol: 'f',
  line: 1,
  endLine: 2,
  unitHash: 'a'.repeat(64),
  fileHash: 'b'.repeat(64),
  commit: null,
};

/** Makes tasks, and has the real trivial solvers try each. */
export class World {
  readonly #choices: Choices;
  readonly #counts = new Map<string, number>();
  #common: CommonOutput[] = [];
  #made = 0;

  constructor(choices: Choices) {
    this.#choices = choices;
  }

  /** An honest task of this difficulty, or a throw of dice with so many sides. */
  propose(difficulty: number, sides?: Sides): SimulatedTask {
    const pattern = (sides === undefined ? this.#choices.one(honest) : undefined) ?? dice[sides ?? 2];
    const call = `(${this.#made},)`;
    const output = pattern.output(this.#choices);
    const { program, guess } = pattern;
    const task: Task = {
      kind: 'deduction',
      id: contentId(program, call),
      program,
      entry: 'f',
      call,
      output,
      unit,
      origin: 'proposed',
      proposedBy: null,
      state: 'open',
      split: 'train',
      trivial: this.#trivial(call, output),
      backend: { name: 'pyodide', version: '', python: '' },
      createdAt: '',
    };
    this.#count(output);
    return { task, guess, difficulty: sides === undefined ? difficulty : Number.POSITIVE_INFINITY };
  }

  #trivial(call: string, output: string): TrivialSolver | null {
    const [asked, gold] = [readCall(call), readOutput(output)];
    if (!asked.ok || !gold.ok) throw new TypeError(`No literals: ${call} ${output}`);
    return trivialDeduction(asked.value, gold.value, this.#common, undefined);
  }

  #count(output: string): void {
    this.#made += 1;
    this.#counts.set(output, (this.#counts.get(output) ?? 0) + 1);
    if (this.#made % 64 > 0) return;
    const common = [...this.#counts].map(([its, count]) => ({ output: its, count }));
    this.#common = common.sort((a, b) => b.count - a.count).slice(0, 50);
  }
}

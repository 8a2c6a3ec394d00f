import type { Split } from '../../../../protocol/seed.ts';
import { createPacer, type Pace } from '../pacer.ts';
import { parsePython } from '../python-parser.ts';
import { readModule } from '../slicing/module.ts';
import { type DefinitionPrint, definitionPrint } from './definition-print.ts';
import { RunIndex } from './run-index.ts';
import { strictest } from './split-rule.ts';

/** Share of the smaller one's five-token runs from which on two definitions are near-duplicates. */
const nearDuplicate = 0.8;

/** A definition that is held out. */
interface Held {
  readonly grams: Uint32Array;
  readonly split: Split;
}

/**
 * What is held out, by its prints: tells of any other definition whether it is nearly the same as one of them. Of two that share
 * 80 % of the smaller one's runs, every part of it that is larger than the other 20 % has a run in common with the larger one: only
 * those that have are compared (prefix filtering; Bayardo, Ma, Srikant, WWW 2007).
 */
export class HeldOut {
  readonly #shapes = new Map<string, Split>();
  readonly #held: Held[] = [];
  /** By every run, and by those of a telling part: the rarest. */
  readonly #byRun = new RunIndex();
  readonly #byTelling = new RunIndex();
  /** How many definitions have a run, by its last bits: near enough to tell rare ones. */
  readonly #counts = new Uint32Array(2 ** 18);
  /** How many of the held ones are among the telling ones: which runs are rare shows when all are known. */
  #placed = 0;

  add({ shape, grams }: DefinitionPrint, split: Split): void {
    this.#shapes.set(shape, strictest([split, this.#shapes.get(shape) ?? 'train']));
    this.#held.push({ grams, split });
    this.#byRun.add(grams);
    for (const gram of grams) this.#counts[gram & 0x3ffff] = this.#countOf(gram) + 1;
  }

  /** The strictest split of what a definition is nearly the same as; `train` where that is nothing. */
  near({ shape, grams }: DefinitionPrint): Split {
    let near = this.#shapes.get(shape) ?? 'train';
    const compared = new Set<number>();
    const compare = (number: number) => {
      const held = this.#held[number];
      if (held === undefined || compared.has(number) || strictest([near, held.split]) === near) return;
      compared.add(number);
      const needed = nearDuplicate * Math.min(grams.length, held.grams.length);
      if (sharedCount(grams, held.grams) >= needed) near = strictest([near, held.split]);
    };
    while (this.#placed < this.#held.length) this.#placeNext();
    // Nothing is stricter than `test`: where many are alike, the first of them tells.
    const search = (index: RunIndex, asked: Iterable<number>) => {
      for (const gram of asked) {
        for (const number of index.listsOf(gram)) {
          if (near === 'test') return;
          compare(number);
        }
      }
    };
    search(this.#byRun, this.#telling(grams));
    search(this.#byTelling, grams);
    return near;
  }

  /** Does ahead, a little at a time, what the first question would do at once. */
  async prepare(pace: Pace): Promise<void> {
    while (this.#placed < this.#held.length) {
      this.#placeNext();
      await pace();
    }
  }

  #placeNext(): void {
    this.#byTelling.add(this.#telling(this.#held[this.#placed]?.grams ?? new Uint32Array()));
    this.#placed += 1;
  }

  /** As many runs of a definition, the rarest, as any other one that is nearly the same must share one of. */
  #telling(grams: Uint32Array): number[] {
    if (grams.length === 0) return [];
    const count = grams.length - Math.ceil(nearDuplicate * grams.length) + 1;
    // How many have a run and where it stands, in one number: such lists are sorted without asking for each pair.
    const ranks = Float64Array.from(grams, (gram, at) => this.#countOf(gram) * grams.length + at).sort();
    return Array.from(ranks.subarray(0, count), (rank) => grams[rank % grams.length] ?? 0);
  }

  #countOf(gram: number): number {
    return this.#counts[gram & 0x3ffff] ?? 0;
  }

  /**
   * What is held out of programs with their splits: the definitions of those not for training, but for helpers that programs
   * for training have, too, perhaps with other methods: classes are cut to what each program needs.
   */
  static async of(
    programs: Iterable<{ readonly program: string; readonly split: Split }>,
    signal: AbortSignal,
  ): Promise<HeldOut> {
    const splits = new Map([...programs].map(({ program, split }) => [program, split]));
    const learnt = new HeldOut();
    const held: { readonly print: DefinitionPrint; readonly split: Split }[] = [];
    for (const [program, split] of splits) {
      for (const print of await printsOf(program, signal)) {
        if (split === 'train') learnt.add(print, 'test');
        else held.push({ print, split });
      }
    }
    const heldOut = new HeldOut();
    for (const { print, split } of held) if (learnt.near(print) === 'train') heldOut.add(print, split);
    return heldOut;
  }

  /** Whether some definition of a program is nearly the same as what is held out. */
  async isIn(program: string, signal: AbortSignal): Promise<boolean> {
    return (await printsOf(program, signal)).some((print) => this.near(print) !== 'train');
  }
}

/** The prints of a program's functions and classes. */
async function printsOf(program: string, signal: AbortSignal): Promise<DefinitionPrint[]> {
  const tree = parsePython(program);
  const { statements } = await readModule('', '', tree, createPacer(signal));
  return statements
    .filter(({ isDefinition }) => isDefinition)
    .map((statement) => definitionPrint(tree, statement));
}

/** How many numbers two sorted lists share. */
function sharedCount(a: Uint32Array, b: Uint32Array): number {
  let shared = 0;
  for (let at = 0, other = 0; at < a.length && other < b.length; ) {
    const [one = 0, two = 0] = [a[at], b[other]];
    if (one === two) shared += 1;
    if (one <= two) at += 1;
    if (two <= one) other += 1;
  }
  return shared;
}

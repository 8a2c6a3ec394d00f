import type { Split } from '../../../../protocol/seed.ts';
import { createPacer, type Pace } from '../pacer.ts';
import { parsePython } from '../python-parser.ts';
import { readModule } from '../slicing/module.ts';
import { type DefinitionPrint, definitionPrint } from './definition-print.ts';
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
  /** By every run, and by those of a telling part: the rarest. */
  readonly #byRun = new Map<number, Held[]>();
  readonly #byTelling = new Map<number, Held[]>();
  /** Not among the telling ones yet: which runs are rare shows when all are known. */
  readonly #fresh: Held[] = [];

  add({ shape, grams }: DefinitionPrint, split: Split): void {
    this.#shapes.set(shape, strictest([split, this.#shapes.get(shape) ?? 'train']));
    const held: Held = { grams, split };
    for (const gram of grams) append(this.#byRun, gram, held);
    this.#fresh.push(held);
  }

  /** The strictest split of what a definition is nearly the same as; `train` where that is nothing. */
  near({ shape, grams }: DefinitionPrint): Split {
    let near = this.#shapes.get(shape) ?? 'train';
    const compared = new Set<Held>();
    const compare = (others: readonly Held[] | undefined) => {
      for (const held of others ?? []) {
        if (near === 'test') return;
        if (compared.has(held) || strictest([near, held.split]) === near) continue;
        compared.add(held);
        const needed = nearDuplicate * Math.min(grams.length, held.grams.length);
        if (sharedCount(grams, held.grams) >= needed) near = strictest([near, held.split]);
      }
    };
    while (this.#fresh.length > 0) this.#placeNext();
    for (const gram of this.#telling(grams)) compare(this.#byRun.get(gram));
    for (const gram of grams) compare(this.#byTelling.get(gram));
    return near;
  }

  /** Does ahead, a little at a time, what the first question would do at once. */
  async prepare(pace: Pace): Promise<void> {
    while (this.#fresh.length > 0) {
      this.#placeNext();
      await pace();
    }
  }

  #placeNext(): void {
    const held = this.#fresh.pop();
    for (const gram of held === undefined ? [] : this.#telling(held.grams))
      if (held !== undefined) append(this.#byTelling, gram, held);
  }

  /** As many runs of a definition, the rarest, as any other one that is nearly the same must share one of. */
  #telling(grams: Uint32Array): number[] {
    if (grams.length === 0) return [];
    const count = grams.length - Math.ceil(nearDuplicate * grams.length) + 1;
    const rarity = (gram: number) => this.#byRun.get(gram)?.length ?? 0;
    return [...grams].sort((a, b) => rarity(a) - rarity(b)).slice(0, count);
  }

  /**
   * What is held out of programs with their splits: the definitions of those not for training, but for helpers that programs
   * for training have, too.
   */
  static async of(
    programs: Iterable<{ readonly program: string; readonly split: Split }>,
    signal: AbortSignal,
  ): Promise<HeldOut> {
    const splits = new Map([...programs].map(({ program, split }) => [program, split]));
    const learnt = new Set<string>();
    const held: { readonly print: DefinitionPrint; readonly split: Split }[] = [];
    for (const [program, split] of splits) {
      for (const print of await printsOf(program, signal)) {
        if (split === 'train') learnt.add(print.shape);
        else held.push({ print, split });
      }
    }
    const heldOut = new HeldOut();
    for (const { print, split } of held) if (!learnt.has(print.shape)) heldOut.add(print, split);
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

function append(lists: Map<number, Held[]>, key: number, held: Held): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [held]);
  else list.push(held);
}

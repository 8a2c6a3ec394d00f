import type { Split } from '../../../../protocol/seed.ts';
import { createPacer } from '../pacer.ts';
import { parsePython } from '../python-parser.ts';
import { readModule } from '../slicing/module.ts';
import { type DefinitionPrint, definitionPrint } from './definition-print.ts';
import { strictest } from './split-rule.ts';

/** Share of the smaller one's five-token runs from which on two definitions are near-duplicates. */
const nearDuplicate = 0.8;

/** A definition that is held out. */
interface Held {
  readonly grams: number;
  readonly split: Split;
}

/** What is held out, by its prints: tells of any other definition whether it is nearly the same as one of them. */
export class HeldOut {
  readonly #shapes = new Map<string, Split>();
  readonly #grams = new Map<number, Held[]>();

  add({ shape, grams }: DefinitionPrint, split: Split): void {
    this.#shapes.set(shape, strictest([split, this.#shapes.get(shape) ?? 'train']));
    const held: Held = { grams: grams.length, split };
    for (const gram of grams) {
      const its = this.#grams.get(gram);
      if (its === undefined) this.#grams.set(gram, [held]);
      else its.push(held);
    }
  }

  /** The strictest split of what a definition is nearly the same as; `train` where that is nothing. */
  near({ shape, grams }: DefinitionPrint): Split {
    const shared = new Map<Held, number>();
    for (const gram of grams) {
      for (const held of this.#grams.get(gram) ?? []) shared.set(held, (shared.get(held) ?? 0) + 1);
    }
    const near: Split[] = [this.#shapes.get(shape) ?? 'train'];
    for (const [held, count] of shared) {
      if (count >= nearDuplicate * Math.min(grams.length, held.grams)) near.push(held.split);
    }
    return strictest(near);
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

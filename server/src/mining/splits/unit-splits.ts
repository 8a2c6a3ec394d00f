import type { Split } from '../../../../protocol/seed.ts';
import { createPacer } from '../pacer.ts';
import type { DefinedPrint, DefinitionPrint } from './definition-print.ts';
import { HeldOut } from './held-out.ts';
import { type SplitPlace, type SplitRule, splitOfPlace, strictest } from './split-rule.ts';

/** A function or class at the top of a module. */
interface Definition {
  readonly print: DefinitionPrint;
  split: Split;
}

/** Knows the split of every definition of a workspace. All modules first, then `settle`, then the questions. */
export class UnitSplits {
  readonly #rule: SplitRule;
  readonly #heldOut: HeldOut;
  readonly #definitions = new Map<string, Definition>();

  /** `heldOut`: what is held out besides, such as by files that are not read this time. */
  constructor(rule: SplitRule, heldOut: HeldOut) {
    this.#rule = rule;
    this.#heldOut = heldOut;
  }

  /** Makes the definitions of a file known. */
  add(file: string, prints: readonly DefinedPrint[], place: Omit<SplitPlace, 'symbol'>): void {
    if (this.#rule.by === 'none') return;
    for (const { symbol, print } of prints) {
      const split = splitOfPlace(this.#rule, { ...place, symbol });
      this.#definitions.set(keyOf(file, symbol), { print, split });
      if (split !== 'train') this.#heldOut.add(print, split);
    }
  }

  /**
   * Holds out what is nearly the same as something held out: what training never sees under one name it must not see under
   * another.
   */
  async settle(signal: AbortSignal): Promise<void> {
    const pace = createPacer(signal);
    let against = this.#heldOut;
    for (let changed = true; changed; ) {
      changed = false;
      await against.prepare(pace);
      // What is held out by this pass is all that the next one has to look for.
      const added = new HeldOut();
      for (const definition of this.#definitions.values()) {
        await pace();
        if (definition.split === 'test') continue;
        const split = strictest([definition.split, against.near(definition.print)]);
        if (split === definition.split) continue;
        definition.split = split;
        added.add(definition.print, split);
        changed = true;
      }
      against = added;
    }
  }

  /** The split of a definition by its name; `train` for what was never made known, such as what is defined in an `if`. */
  of(file: string, symbol: string): Split {
    return this.#definitions.get(keyOf(file, symbol))?.split ?? 'train';
  }
}

function keyOf(file: string, symbol: string): string {
  return `${file}\0${symbol}`;
}

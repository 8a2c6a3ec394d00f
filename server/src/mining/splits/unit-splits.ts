import type { Split } from '../../../../protocol/seed.ts';
import { createPacer } from '../pacer.ts';
import type { Module, Statement } from '../slicing/module.ts';
import { childIn, textOf, undecorated } from '../syntax/syntax.ts';
import { type DefinitionPrint, definitionPrint } from './definition-print.ts';
import type { HeldOut } from './held-out.ts';
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

  /** Makes the definitions of a module known. */
  add(module: Module, place: Omit<SplitPlace, 'symbol'>): void {
    if (this.#rule.by === 'none') return;
    for (const statement of module.statements) {
      const symbol = definedName(module, statement);
      if (symbol === undefined) continue;
      const split = splitOfPlace(this.#rule, { ...place, symbol });
      const print = definitionPrint(module.tree, statement);
      this.#definitions.set(keyOf(module.file, symbol), { print, split });
      if (split !== 'train') this.#heldOut.add(print, split);
    }
  }

  /**
   * Holds out what is nearly the same as something held out: what training never sees under one name it must not see under
   * another.
   */
  async settle(signal: AbortSignal): Promise<void> {
    const pace = createPacer(signal);
    let changed = true;
    while (changed) {
      changed = false;
      for (const definition of this.#definitions.values()) {
        await pace();
        const split = strictest([definition.split, this.#heldOut.near(definition.print)]);
        if (split === definition.split) continue;
        definition.split = split;
        this.#heldOut.add(definition.print, split);
        changed = true;
      }
    }
  }

  /** The split of a definition by its name; `train` for what was never made known, such as what is defined in an `if`. */
  of(file: string, symbol: string): Split {
    return this.#definitions.get(keyOf(file, symbol))?.split ?? 'train';
  }
}

function definedName({ tree }: Module, { node }: Statement): string | undefined {
  const definition = undecorated(node);
  if (definition.type !== 'function_definition' && definition.type !== 'class_definition') return undefined;
  const name = childIn(definition, 'name');
  return name === undefined ? undefined : textOf(tree, name);
}

function keyOf(file: string, symbol: string): string {
  return `${file}\0${symbol}`;
}

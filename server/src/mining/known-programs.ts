import type { Seed, Split } from '../../../protocol/seed.ts';
import { strictest } from './splits/split-rule.ts';

/** A program that gave seeds. */
export interface MinedProgram {
  readonly program: string;
  readonly entry: string;
  readonly shape: string;
  readonly behaviour: string | null;
  readonly split: Split;
  /** `file:symbol`. */
  readonly unit: string;
  /** Its calls, with what they return. */
  readonly pairs: readonly (readonly [call: string, output: string])[];
}

/** The programs that gave seeds so far: none gives them twice, and what behaves as something held out is held out. */
export class KnownPrograms {
  readonly #byShape = new Map<string, MinedProgram>();
  readonly #byBehaviour = new Map<string, MinedProgram[]>();
  readonly #seeds = new Set<string>();

  constructor(seeds: readonly Seed[]) {
    const programs = Map.groupBy(seeds, ({ program, entry }) => `${entry}\n${program}`);
    for (const its of programs.values()) {
      const [first] = its;
      if (first === undefined) continue;
      const { program, entry, shape, behaviour, split, provenance } = first;
      const unit = `${provenance.file}:${provenance.symbol}`;
      const pairs = its.map(({ call, output }) => [call, output] as const);
      this.add({ program, entry, shape, behaviour, split, unit, pairs });
    }
    for (const { id } of seeds) this.#seeds.add(id);
  }

  add(mined: MinedProgram): void {
    if (mined.shape !== '' && !this.#byShape.has(mined.shape)) this.#byShape.set(mined.shape, mined);
    if (mined.behaviour === null) return;
    const known = this.#byBehaviour.get(mined.behaviour) ?? [];
    this.#byBehaviour.set(mined.behaviour, [...known, mined]);
  }

  /** Whether a seed is new; it is known from then on. */
  isNew(id: string): boolean {
    return !this.#seeds.has(id) && this.#seeds.add(id) !== undefined;
  }

  /** The program of another unit that has the same syntax. */
  sameShape(shape: string, unit: string): MinedProgram | undefined {
    const known = this.#byShape.get(shape);
    return known?.unit === unit ? undefined : known;
  }

  /** The strictest split among programs that behave alike. */
  splitOf(behaviour: string | null): Split {
    return strictest((this.#byBehaviour.get(behaviour ?? '') ?? []).map(({ split }) => split));
  }

  /** Whether a program that behaves alike was asked the same already. */
  isAsked(behaviour: string | null, [call, output]: readonly [call: string, output: string]): boolean {
    return (this.#byBehaviour.get(behaviour ?? '') ?? []).some(({ pairs }) =>
      pairs.some(([known, its]) => known === call && its === output),
    );
  }
}

import type { Pool } from '../generate/pool.ts';
import type { MadeArgument } from './made-argument.ts';

/** An argument that a wrapper gives: a parameter of its own, or something that is made of some. */
export interface Argument {
  readonly pool: Pool;
  readonly made?: MadeArgument;
}

export function literal(pool: Pool): Argument {
  return { pool };
}

/** The same argument with its values in another order. */
export function reversed({ pool, made }: Argument): Argument {
  const turned = (its: Pool): Pool => ({ ...its, values: its.values.toReversed() });
  return made === undefined
    ? { pool: turned(pool) }
    : { pool, made: { ...made, parameters: made.parameters.map(turned) } };
}

/** Builtins by which what a wrapper returns is shown. */
const asked = ['list', 'str', 'vars'];

/** The parameters of a wrapper's entry, which grow with what it gives. */
export class EntryParameters {
  readonly #pools: Pool[] = [];
  /** Names that the wrapper needs for something else. */
  readonly #reserved: ReadonlySet<string>;

  constructor(reserved: readonly string[] = []) {
    this.#reserved = new Set([...asked, ...reserved]);
  }

  get pools(): readonly Pool[] {
    return this.#pools;
  }

  get names(): readonly string[] {
    return this.#pools.map(({ name }) => name);
  }

  /** Adds what an argument needs, and gives the expression for it; `otherwise` says what a name that is taken becomes. */
  add(
    { pool, made }: Argument,
    otherwise: (name: string) => string = (name) => `${pool.name}_${name}`,
  ): string {
    if (made === undefined) return this.#take(pool, otherwise);
    return made.expression(
      made.parameters.map((each) => this.#take(each, () => `${pool.name}_${each.name}`)),
    );
  }

  #take(pool: Pool, otherwise: (name: string) => string): string {
    let name = pool.name;
    while (this.names.includes(name) || this.#reserved.has(name))
      name = name === pool.name ? otherwise(name) : `${name}_2`;
    this.#pools.push({ ...pool, name, isRequired: true });
    return name;
  }
}

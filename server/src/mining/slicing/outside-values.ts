import { namedChildren } from '../syntax/syntax.ts';
import type { Statement } from './module.ts';
import type { Effect, Piece } from './slice.ts';

/** A value at the top of a module that is made of what stands outside of the program: of its file, of the clock. */
export interface OutsideValue {
  readonly piece: Piece;
  readonly effect: Effect;
}

/**
 * Which values at the top of modules are made of something outside of the program. A program may hold them, for most calls have
 * nothing to do with `HERE = dirname(__file__)`; no call that is learnt from executes a line that names one.
 */
export class OutsideValues {
  readonly #own = new Map<Statement, OutsideValue>();
  readonly #uses: { readonly piece: Piece; readonly of: readonly Statement[] }[] = [];

  /** A statement that reads the outside when its module is imported. */
  add(piece: Piece, effect: Effect): void {
    if (!this.#own.has(piece.statement)) this.#own.set(piece.statement, { piece, effect });
  }

  /** A statement that takes from others when its module is imported. */
  addUse(piece: Piece, of: readonly Statement[]): void {
    this.#uses.push({ piece, of });
  }

  /** All such values, those that are made of others among them. */
  all(): OutsideValue[] {
    const found = new Map(this.#own);
    for (let known = -1; known < found.size; ) {
      known = found.size;
      for (const { piece, of } of this.#uses) {
        const source = of.map((statement) => found.get(statement)).find((value) => value !== undefined);
        if (source !== undefined && !found.has(piece.statement))
          found.set(piece.statement, { piece, effect: source.effect });
      }
    }
    return [...found.values()];
  }
}

/** Whether all that a statement does is to give names a value. */
export function isAssignment({ node, binds }: Statement): boolean {
  const [assignment] = node.type === 'expression_statement' ? namedChildren(node) : [];
  return assignment?.type === 'assignment' && binds.size > 0;
}

import { z } from 'zod';

/** The task kinds that self-play plays (docs/architecture.md, "Words"). */
export const Kind = z.enum(['deduction', 'abduction', 'induction']);
export type Kind = z.infer<typeof Kind>;

/** Who acts: the model proposes a task or solves one. */
export const Role = z.enum(['propose', 'solve']);
export type Role = z.infer<typeof Role>;

/** One kind in one role. Baselines, batches and charts are kept per cell. */
export interface Cell {
  readonly kind: Kind;
  readonly role: Role;
}

/** The six cells, in the order in which reports list them. */
export const cells: readonly Cell[] = Kind.options.flatMap((kind) =>
  Role.options.map((role) => ({ kind, role })),
);

/** A cell's name in records and tables: `deduction/solve`. */
export function cellName({ kind, role }: Cell): string {
  return `${kind}/${role}`;
}

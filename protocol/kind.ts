import { z } from 'zod';

/** The task kinds that self-play plays (docs/architecture.md, "Words"). */
export const Kind = z.enum(['deduction', 'abduction', 'induction', 'explain']);
export type Kind = z.infer<typeof Kind>;

/** Who acts: the model proposes a task or solves one. */
export const Role = z.enum(['propose', 'solve']);
export type Role = z.infer<typeof Role>;

/** The roles that each kind is played in. An explanation is an attempt; its task needs no more than a program. */
const rolesOf: Readonly<Record<Kind, readonly Role[]>> = {
  deduction: Role.options,
  abduction: Role.options,
  induction: Role.options,
  explain: ['solve'],
};

/** Kinds whose tasks the model can propose. */
export const proposedKinds: readonly Kind[] = Kind.options.filter((kind) =>
  rolesOf[kind].includes('propose'),
);

/** One kind in one role. Baselines, batches and charts are kept per cell. */
export interface Cell {
  readonly kind: Kind;
  readonly role: Role;
}

/** All cells, in the order in which reports list them: six of the kinds that are proposed, and explain/solve. */
export const cells: readonly Cell[] = Kind.options.flatMap((kind) =>
  rolesOf[kind].map((role) => ({ kind, role })),
);

/** A cell's name in records and tables: `deduction/solve`. */
export function cellName({ kind, role }: Cell): string {
  return `${kind}/${role}`;
}

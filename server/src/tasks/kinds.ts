import type { Kind } from '../../../protocol/kind.ts';
import { abduction } from './abduction/kind.ts';
import { deduction } from './deduction/kind.ts';
import { explain } from './explain/kind.ts';
import { induction } from './induction/kind.ts';
import type { KindSpec, TaskQuestion } from './kind-spec.ts';

const specs = { deduction, abduction, induction, explain } as const satisfies Readonly<Record<Kind, unknown>>;

/** The specification of a kind: the one place from which prompts, parsers and checks of all kinds are reached. */
export function kindSpec(kind: Kind): KindSpec<TaskQuestion> {
  // A specification gets tasks of its own kind only: callers take it by `task.kind`.
  return specs[kind] as unknown as KindSpec<TaskQuestion>;
}

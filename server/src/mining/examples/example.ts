import type { CallSource } from '../../../../protocol/seed.ts';
import type { Value } from '../../values/value.ts';
import type { ImportedName } from '../syntax/bound-names.ts';

/**
 * An expression of the workspace that calls units with more than literals, as the body of a small function: the literals in it
 * are its parameters. `assert Stack([1]).push(2) == 1` gives `Stack(items).push(number)` with `[1]` and `2`.
 */
export interface Example {
  readonly parameters: readonly { readonly name: string; readonly value: Value }[];
  /** What stands before the expression: variables and functions that it needs. */
  readonly lines: readonly string[];
  readonly result: string;
  /** The variable that the expression calls a method of: what may have changed. */
  readonly subject: string | null;
  /** Imports that hold only where it stands. */
  readonly imports: readonly ImportedName[];
  /** Last names of everything that it calls: `push`. */
  readonly calls: ReadonlySet<string>;
  readonly source: CallSource;
  /** Path within the folder, and the line, counted from 1. */
  readonly file: string;
  readonly line: number;
}

/** Equal for examples that differ in their literals only. */
export function patternOf({ parameters, lines, result }: Example): string {
  return JSON.stringify([parameters.map(({ name }) => name), lines, result]);
}

import type { FoundCall } from '../calls/call-index.ts';
import type { Inputs } from '../generate/inputs.ts';
import type { Sliced } from '../slicing/program.ts';

/** A small function that is written behind a program to be its entry: it takes literals and builds the rest. */
export interface Wrapper {
  readonly entry: string;
  readonly text: string;
  /** The same for where that gives nothing back: what has changed then. */
  readonly afterwards?: string;
  /** What calls of it that may well return are made up of; null where none may be. */
  readonly inputs: Inputs | null;
  /** Calls of it that something made. */
  readonly found?: readonly FoundCall[];
  /** The program that a text of it makes, where it needs more than the unit does; undefined where that cannot be taken along. */
  readonly slice?: (text: string) => Promise<Sliced | undefined>;
}

/** The program with the wrapper behind it. */
export function wrapped(sliced: Sliced, { text }: Pick<Wrapper, 'text'>): Sliced {
  const { whole } = sliced;
  const wrap = (inner: Sliced): Sliced => ({
    ...inner,
    source: (prose) => `${inner.source(prose)}\n\n${text}`,
  });
  if (whole === undefined) return wrap(sliced);
  return {
    ...wrap(sliced),
    whole: async () => {
      const all = await whole();
      return all.ok ? wrap(all) : all;
    },
  };
}

/** The first of some names that the program does not use; undefined where it uses all. */
export function freeName(sliced: Sliced, names: readonly string[]): string | undefined {
  const whole = sliced.source('none');
  return names.find((name) => !new RegExp(`\\b${name}\\b`).test(whole));
}

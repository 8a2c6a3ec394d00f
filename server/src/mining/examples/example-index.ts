import { type Example, patternOf } from './example.ts';

/** The examples of a workspace, by what they call. */
export interface ExampleIndex {
  add(examples: readonly Example[]): void;
  /** Examples that call something of this name, as groups that differ in their literals only; doctests first. */
  examplesOf(name: string): readonly (readonly Example[])[];
}

/** Bounds of what is kept of one name. */
const maxPatterns = 40;
const maxOfPattern = 12;
const sourceOrder = ['doctest', 'test', 'code', 'recorded', 'generated', 'model'] as const;

/** `names`: last names of the units of a workspace. */
export function createExampleIndex(names: ReadonlySet<string>): ExampleIndex {
  const byName = new Map<string, Map<string, Example[]>>();
  return {
    add(examples) {
      for (const example of examples) {
        const pattern = patternOf(example);
        for (const name of example.calls) {
          if (!names.has(name)) continue;
          const patterns = byName.get(name) ?? new Map<string, Example[]>();
          byName.set(name, patterns);
          const its = patterns.get(pattern);
          if (its !== undefined && its.length < maxOfPattern) its.push(example);
          else if (its === undefined && patterns.size < maxPatterns) patterns.set(pattern, [example]);
        }
      }
    },
    examplesOf(name) {
      const rank = ([first]: readonly Example[]) => sourceOrder.indexOf(first?.source ?? 'model');
      return [...(byName.get(name)?.values() ?? [])].sort((a, b) => rank(a) - rank(b));
    },
  };
}

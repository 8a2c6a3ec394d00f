import type { Seed } from '../../../protocol/seed.ts';
import type { Task } from '../../../protocol/task.ts';

/** A known call of a program, its output, and how often the pair was met. All texts are as `literal-writer` writes them. */
export interface KnownCall {
  readonly call: string;
  readonly output: string;
  readonly count: number;
}

/** An output, and how many different calls gave it. */
export interface CommonOutput {
  readonly output: string;
  readonly count: number;
}

/** What the cheap tricks know of a set of tasks or seeds: what is common in it. */
export interface TrivialContext {
  /** Outputs, commonest first. */
  readonly outputs: readonly CommonOutput[];
  /** Known calls by program, commonest first. */
  readonly calls: ReadonlyMap<string, readonly KnownCall[]>;
}

/** Counts what is common in a set. */
export function trivialContext(known: readonly (Seed | Task)[]): TrivialContext {
  const calls = new Map<string, Map<string, KnownCall>>();
  for (const item of known) {
    const key = programKey(item);
    const ofProgram = calls.get(key) ?? new Map<string, KnownCall>();
    calls.set(key, ofProgram);
    for (const [call, output] of pairsOf(item)) {
      ofProgram.set(call, { call, output, count: (ofProgram.get(call)?.count ?? 0) + 1 });
    }
  }
  const outputs = new Map<string, number>();
  for (const ofProgram of calls.values()) {
    for (const { output } of ofProgram.values()) outputs.set(output, (outputs.get(output) ?? 0) + 1);
  }
  return {
    outputs: [...outputs].map(([output, count]) => ({ output, count })).sort(commonestFirst),
    calls: new Map([...calls].map(([key, known]) => [key, [...known.values()].sort(commonestFirst)])),
  };
}

/** What identifies a program in a context. */
export function programKey({ program, entry }: { readonly program: string; readonly entry: string }): string {
  return `${entry}\n${program}`;
}

function pairsOf(item: Seed | Task): readonly (readonly [string, string])[] {
  if (!('kind' in item)) return [[item.call, item.output]];
  switch (item.kind) {
    case 'deduction':
    case 'abduction':
      return [[item.call, item.output]];
    case 'induction':
      return [...item.shown, ...item.hidden];
    case 'explain':
      // Made of pairs that are known from elsewhere, or that nobody asks for.
      return [];
  }
}

function commonestFirst(a: { readonly count: number }, b: { readonly count: number }): number {
  return b.count - a.count;
}

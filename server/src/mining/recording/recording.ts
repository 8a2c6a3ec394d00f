import { z } from 'zod';
import { readValue } from '../../values/literal-reader.ts';

/** Arguments as they were given: each a Python literal. */
const Given = z.object({ args: z.array(z.string()), keywords: z.record(z.string(), z.string()) });

/** One call of a function of the workspace, as a run of its tests made it. */
export const RecordedCall = Given.extend({
  /** Path within the folder, with forward slashes. */
  file: z.string(),
  /** Where the function begins, its decorators included; from 1. */
  line: z.number().int().positive(),
  name: z.string(),
  /** Of a method: how its object was made, where that is known. */
  made: Given.extend({ class: z.string() }).optional(),
});
export type RecordedCall = z.infer<typeof RecordedCall>;

/** More calls of one test file than this tell nothing new. */
const maxRecorded = 20_000;

/** Reads what a run of tests wrote. It is as hostile as any code: lines that say something else are left out. */
export function readRecording(bytes: Uint8Array): RecordedCall[] {
  const calls: RecordedCall[] = [];
  for (const line of new TextDecoder().decode(bytes).split('\n')) {
    if (calls.length === maxRecorded) break;
    const read = RecordedCall.safeParse(parsed(line));
    if (read.success && areLiterals(read.data)) calls.push(read.data);
  }
  return calls;
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function areLiterals({ args, keywords, made }: RecordedCall): boolean {
  const texts = [
    ...args,
    ...Object.values(keywords),
    ...(made?.args ?? []),
    ...Object.values(made?.keywords ?? {}),
  ];
  return texts.every((text) => readValue(text).ok);
}

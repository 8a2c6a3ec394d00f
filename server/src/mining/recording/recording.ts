import { z } from 'zod';
import { WrittenArgument, WrittenObject } from './recorded-argument.ts';

/** One call of a function of the workspace, as a run of its tests made it. */
export const RecordedCall = z.object({
  /** Path within the folder, with forward slashes. */
  file: z.string(),
  /** Where the function begins, its decorators included; from 1. */
  line: z.number().int().positive(),
  name: z.string(),
  args: z.array(WrittenArgument),
  keywords: z.record(z.string(), WrittenArgument),
  /** Of a method: how its object was made. */
  made: WrittenObject.optional(),
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
    if (read.success) calls.push(read.data);
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

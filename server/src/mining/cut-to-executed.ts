import type { Ran, Sandbox } from '../sandbox/sandbox.ts';
import { writeValue } from '../values/literal-writer.ts';
import type { Call } from '../values/value.ts';
import { keepings, neededParts, withoutIdleParts } from './slicing/executed-parts.ts';
import type { Sliced } from './slicing/program.ts';
import { type Prose, proseLevels } from './slicing/prose-edits.ts';

/** A large program takes long to be read and compiled, and longer where each line is noted. */
const limits = { cpuMs: 2_500, wallMs: 6_000 };
/** More characters than this share of a program are no cut. */
const worthwhile = 0.9;

/**
 * A program with only those definitions that some calls execute, or that these name: what all of a class could do is not what a few
 * calls of it need. The whole program stays known as `whole`: what the cut one gives for other calls is to be compared with it.
 * Undefined where nearly all of it is needed, where none of the calls can be followed, or where one ends otherwise then.
 */
export async function cutToExecuted(
  sliced: Sliced,
  entry: string,
  calls: readonly Call[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Sliced | undefined> {
  const program = sliced.source('none');
  const executed = new Set<number>();
  for (const call of calls) {
    const { lines } = await sandbox.cover({ program, entry, call, limits }, signal);
    for (const line of lines) executed.add(line);
  }
  if (executed.size === 0) return undefined;
  const endsOf = async (text: string) => {
    const runs = calls.map((call) => ({ program: text, entry, call, limits }));
    return (await sandbox.runBatch(runs, signal)).map(endText).join('\n');
  };
  let ends: string | undefined;
  for (const keeping of keepings) {
    const needed = await neededParts(program, entry, { executed, keeping }, signal);
    const texts = new Map<Prose, string>();
    for (const level of proseLevels)
      texts.set(level, await withoutIdleParts(sliced.source(level), needed, signal));
    const cut = texts.get('none') ?? program;
    if (cut.length > worthwhile * program.length) return undefined;
    ends ??= await endsOf(program);
    if ((await endsOf(cut)) === ends) return asCut(sliced, texts);
  }
  return undefined;
}

function asCut(sliced: Sliced, texts: ReadonlyMap<Prose, string>): Sliced {
  return {
    ...sliced,
    source: (prose) => texts.get(prose) ?? sliced.source(prose),
    whole: async () => (await sliced.whole?.()) ?? sliced,
  };
}

/** How a run ended, to be compared: what it returned or raised as seeds have it. */
export function endText(ran: Ran): string {
  if (ran.outcome === 'ok') return writeValue(ran.value);
  return ran.outcome === 'exception' ? `raise ${ran.type}` : ran.outcome;
}

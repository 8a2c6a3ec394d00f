import type { Pair, WorthReason } from '../../../../protocol/task.ts';
import { outputOf } from '../../judge/gold.ts';
import { generatedOutputs } from '../../judge/probes.ts';
import type { ShownAndHidden } from '../../judge/trivial-induction.ts';
import { verifyOnce } from '../../judge/verify-cache.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { readCall } from '../../values/literal-reader.ts';
import { writeOutput } from '../../values/literal-writer.ts';
import { contentId } from '../record-id.ts';
import { tooLarge } from '../task-size.ts';
import { generatedHiddenPairs, maxHiddenPairs, shownPairs } from './rules.ts';
import { worthInduction } from './worth.ts';

/** A program with pairs that were verified. */
export interface KnownPairs {
  readonly program: string;
  readonly entry: string;
  readonly pairs: readonly Pair[];
}

/** Made-up calls that are verified at most: each is run in several images. */
const maxVerified = 12;

/** Draws until one is worth solving, at most. */
const maxDraws = 4;

/**
 * Divides a program's pairs, and further ones of made-up calls, into shown and hidden ones that are worth solving; else says which
 * rule the last draw broke. The shown ones are known ones where there are enough; of the hidden ones some are made up wherever that
 * can be, and outputs differ as far as they can. Drawn by hashes, the same for the same pairs: so that messages about one program are
 * about the same question, and equal ones are one task.
 */
export async function drawPairs(
  known: KnownPairs,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<ShownAndHidden | WorthReason> {
  const made = await furtherPairs(known, sandbox, signal);
  let refusal: WorthReason = 'few-shown';
  for (let attempt = 0; attempt < maxDraws; attempt += 1) {
    const drawn = divide(known.pairs, made, attempt);
    const worth = worthInduction(drawn);
    if (worth === null) return drawn;
    refusal = worth;
  }
  return refusal;
}

/** Verified pairs of calls that the typed generator makes up, those with new outputs first. Rejects as `sandbox.verify` does. */
export async function furtherPairs(
  { program, entry, pairs }: KnownPairs,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Pair[]> {
  const known = pairs.flatMap(([text]) => {
    const call = readCall(text);
    return call.ok ? [call.value] : [];
  });
  const knownTexts = new Set(pairs.map(([text]) => text));
  const returned = (await generatedOutputs({ program, entry }, known, sandbox, signal)).flatMap(
    ({ call, text, output }) => {
      if (output === undefined || output.type === 'raise' || output.value.type === 'none') return [];
      const pair: Pair = [text, writeOutput(output)];
      return knownTexts.has(text) || tooLarge({ program, call: text, output: pair[1] })
        ? []
        : [{ call, pair }];
    },
  );
  const tried = newFirst(returned, ({ pair: [, output] }) => output).slice(0, maxVerified);
  const verified: Pair[] = [];
  for (const { call, pair } of tried) {
    const output = outputOf(await verifyOnce({ program, entry, call }, sandbox, signal));
    // What was another value the first time depends on the moment.
    if (output !== undefined && writeOutput(output) === pair[1]) verified.push(pair);
  }
  return verified;
}

function divide(known: readonly Pair[], made: readonly Pair[], attempt: number): ShownAndHidden {
  const knownLeft = shuffled(known, attempt);
  const madeLeft = shuffled(made, attempt);
  const shown = knownLeft.splice(0, shownPairs);
  shown.push(...madeLeft.splice(0, shownPairs - shown.length));
  const differing = (pairs: readonly Pair[]) => newFirst(pairs, ([, output]) => output);
  const hidden = differing(madeLeft).slice(0, generatedHiddenPairs);
  const others = [...knownLeft, ...madeLeft.filter((pair) => !hidden.includes(pair))];
  hidden.push(...differing(others).slice(0, maxHiddenPairs - hidden.length));
  return { shown, hidden };
}

/** In an order that says nothing of where the pairs come from; another one for each attempt. */
function shuffled(pairs: readonly Pair[], attempt: number): Pair[] {
  const keyed = pairs.map((pair) => ({ pair, key: contentId(attempt, pair) }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ pair }) => pair);
}

/** In the same order, but for items whose key stood before: those come last. */
function newFirst<T>(items: readonly T[], key: (item: T) => string): T[] {
  const seen = new Set<string>();
  const repeated: T[] = [];
  const first = items.filter((item) => {
    const isNew = !seen.has(key(item));
    seen.add(key(item));
    if (!isNew) repeated.push(item);
    return isNew;
  });
  return [...first, ...repeated];
}

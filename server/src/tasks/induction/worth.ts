import type { Pair, WorthReason } from '../../../../protocol/task.ts';
import { type ShownAndHidden, trivialFailures } from '../../judge/trivial-induction.ts';
import { minHiddenOutputs, minHiddenPairs, minTrivialFailures, shownPairs } from './rules.ts';

/**
 * Whether these pairs ask for a program that understands: enough of them with distinct calls, enough different outputs, and no
 * trivial program (identity, constant, table of the shown pairs, nearest shown pair) that comes near. Nothing is executed.
 */
export function worthInduction({ shown, hidden }: ShownAndHidden): WorthReason | null {
  const calls = (pairs: readonly Pair[]) => new Set(pairs.map(([call]) => call));
  const shownCalls = calls(shown);
  const hiddenCalls = calls(hidden.filter(([call]) => !shownCalls.has(call)));
  if (shownCalls.size < shownPairs) return 'few-shown';
  if (hiddenCalls.size < minHiddenPairs) return 'few-hidden';
  if (new Set(hidden.map(([, output]) => output)).size < minHiddenOutputs) return 'few-outputs';
  const failures = trivialFailures({ shown, hidden }).map(({ failed }) => failed);
  return failures.some((failed) => failed < minTrivialFailures) ? 'nearly-trivial' : null;
}

import { callSource, programAndPairs, wholeCall } from '../in-words.ts';
import type { ProposalForm } from '../kind-spec.ts';
import { argumentText, callText, firstLine, lineEnds, sessionCall, sessionSource } from '../session.ts';
import { shownExamples, workedExamples } from '../worked-examples.ts';

/** How many known calls of the unit the prompt shows. */
const shownCalls = 3;

/** A new call for a mined unit: the least free form. The model continues the line `>>> entry(`. */
export const callForm: Omit<ProposalForm, 'share'> = {
  name: 'call',
  references: 1,
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: ([reference], count) => {
    const examples = shownExamples(count).map((example) =>
      session(example.program, example.entry, example.pairs),
    );
    if (reference === undefined) throw new RangeError('The call form needs a reference.');
    const { program, entry, pairs } = reference;
    return {
      prompt: `${examples.join('')}${session(program, entry, pairs.slice(0, shownCalls))}>>> ${entry}(`,
      ends: lineEnds,
      numPredict: 64,
    };
  },
  read: (text, [reference]) => {
    const args = closedArguments(text);
    if (args === undefined || reference === undefined) return undefined;
    return { type: 'call', program: reference.program, entry: reference.entry, call: callText(args) };
  },
  inWords: ([reference]) => {
    if (reference === undefined) throw new RangeError('The call form needs a reference.');
    const { program, entry, pairs } = reference;
    return {
      instruction:
        'Ask the function something new: a call that returns something else than those known. The answer is that call, with literals as arguments.',
      examples: workedExamples.map((example) => ({
        question: programAndPairs(example.program, example.entry, example.pairs.slice(0, -1)),
        thought: example.idea,
        answer: callSource(example.entry, example.pairs[2][0]),
      })),
      question: programAndPairs(program, entry, pairs.slice(0, shownCalls)),
      read: (answer) => {
        const call = wholeCall(entry, answer);
        return call === undefined ? undefined : { type: 'call', program, entry, call };
      },
    };
  },
};

function session(program: string, entry: string, pairs: readonly (readonly [string, string])[]): string {
  const calls = pairs.map(([call, output]) => sessionCall(entry, argumentText(call), output));
  return sessionSource(program) + calls.join('');
}

/** What stands between the parentheses of a call whose opening one the prompt gave; undefined where the line does not close it last. */
export function closedArguments(text: string): string | undefined {
  const line = firstLine(text).trimEnd();
  return line.endsWith(')') ? line.slice(0, -1) : undefined;
}

import { programAndPairs } from '../in-words.ts';
import type { ProposalForm } from '../kind-spec.ts';
import { argumentText, sessionCall, sessionSource } from '../session.ts';
import { functionAndCallEnd, readFunctionAndCall, readSourceAndCall } from './written-function.ts';

/** A new program with a call, after a few functions of this workspace: the freest form. The model continues `>>> def`. */
export const programForm: Omit<ProposalForm, 'share'> = {
  name: 'program',
  references: 3,
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: (references) => {
    const shown = references.map(({ program, entry, pairs }) => {
      const known = pairs.slice(0, 1).map(([call, output]) => sessionCall(entry, argumentText(call), output));
      return sessionSource(program) + known.join('');
    });
    return { prompt: `${shown.join('')}>>> def`, ends: functionAndCallEnd, numPredict: 128 };
  },
  read: (text) => readFunctionAndCall(text, ''),
  inWords: (references) => ({
    instruction:
      'Write a new function in the manner of these, which does something else. The answer is its source and, on a last line, a call of it.',
    // The references show what is wanted; worked examples are not of this workspace.
    examples: [],
    question: references
      .map(({ program, entry, pairs }) => programAndPairs(program, entry, pairs.slice(0, 1)))
      .join('\n\n'),
    read: (answer) => readSourceAndCall(answer, ''),
  }),
};

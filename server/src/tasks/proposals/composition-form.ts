import type { ProposalForm, Reference } from '../kind-spec.ts';
import { argumentText, sessionCall, sessionSource } from '../session.ts';
import { functionAndCallEnd, readFunctionAndCall } from './written-function.ts';

/** Two functions and one that calls both, so that the model sees what is asked for. */
const example = {
  shown: [
    {
      program:
        'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        total += number\n    return total',
      call: sessionCall('add_all', '[1, 2, 3]', '6'),
    },
    {
      program: 'def repeat(word, times):\n    return [word] * times',
      call: sessionCall('repeat', "'ab', 2", "['ab', 'ab']"),
    },
  ],
  entries: ['add_all', 'repeat'],
  composition: 'def repeat_sum(word, numbers):\n    return repeat(word, add_all(numbers))',
  compositionCall: sessionCall('repeat_sum', "'x', [1, 2]", "['x', 'x', 'x']"),
} as const;

/**
 * A new function that calls two mined ones or more, with a call of it. The model continues `>>> def`; the mined functions stand in
 * the task's program as they are.
 */
export const compositionForm: Omit<ProposalForm, 'share'> = {
  name: 'composition',
  references: 2,
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: (references) => {
    const sessions = references.map(({ program, entry, pairs }) => {
      const known = pairs.slice(0, 1).map(([call, output]) => sessionCall(entry, argumentText(call), output));
      return sessionSource(program) + known.join('');
    });
    const shown = example.shown.map(({ program, call }) => sessionSource(program) + call).join('');
    const done = `${shown}${using(example.entries)}${sessionSource(example.composition)}${example.compositionCall}`;
    return {
      prompt: `${done}${sessions.join('')}${using(references.map(({ entry }) => entry))}>>> def`,
      ends: functionAndCallEnd,
      numPredict: 128,
    };
  },
  read: (text, references) => {
    const candidate = readFunctionAndCall(text, composedSource(references));
    // A function of the same name would stand in the place of what it is to call.
    const isTaken = references.some(({ entry }) => entry === candidate?.entry);
    return isTaken ? undefined : candidate;
  },
};

function using(entries: readonly string[]): string {
  return `>>> # a function that calls ${entries.join(' and ')}\n`;
}

/** The programs of references one after another. */
export function composedSource(references: readonly Pick<Reference, 'program'>[]): string {
  return references.map(({ program }) => `${program.trimEnd()}\n\n`).join('');
}

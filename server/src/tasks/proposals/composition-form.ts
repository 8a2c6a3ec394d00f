import type { Pair } from '../../../../protocol/task.ts';
import { callSource, programAndPairs } from '../in-words.ts';
import type { Candidate, ProposalForm, Reference } from '../kind-spec.ts';
import { argumentText, sessionCall, sessionSource } from '../session.ts';
import { functionAndCallEnd, readFunctionAndCall, readSourceAndCall } from './written-function.ts';

/** Two functions and one that calls both, so that the model sees what is asked for. */
const example: {
  readonly shown: readonly Reference[];
  readonly entry: string;
  readonly composition: string;
  readonly pair: Pair;
} = {
  shown: [
    {
      program:
        'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        total += number\n    return total',
      entry: 'add_all',
      pairs: [['([1, 2, 3],)', '6']],
    },
    {
      program: 'def repeat(word, times):\n    return [word] * times',
      entry: 'repeat',
      pairs: [["('ab', 2)", "['ab', 'ab']"]],
    },
  ],
  entry: 'repeat_sum',
  composition: 'def repeat_sum(word, numbers):\n    return repeat(word, add_all(numbers))',
  pair: ["('x', [1, 2])", "['x', 'x', 'x']"],
};

/**
 * A new function that calls two mined ones or more, with a call of it. The model continues `>>> def`; the mined functions stand in
 * the task's program as they are.
 */
export const compositionForm: Omit<ProposalForm, 'share'> = {
  name: 'composition',
  references: 2,
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: (references, examples = 1) => {
    const { composition, entry, pair } = example;
    const done = `${session(example.shown)}>>> # ${wanted(example.shown)}\n${sessionSource(composition)}${known(entry, pair)}`;
    return {
      prompt: `${examples === 0 ? '' : done}${session(references)}>>> # ${wanted(references)}\n>>> def`,
      ends: functionAndCallEnd,
      numPredict: 128,
    };
  },
  read: (text, references) => untaken(readFunctionAndCall(text, composedSource(references)), references),
  inWords: (references) => ({
    instruction:
      'Write a new function that calls the others. The answer is its source alone, without theirs, and, on a last line, a call of it.',
    examples: [
      {
        question: asked(example.shown),
        thought: 'It could repeat a word as often as numbers add up to.',
        answer: `${example.composition}\n${callSource(example.entry, example.pair[0])}`,
      },
    ],
    question: asked(references),
    read: (answer) => untaken(readSourceAndCall(answer, composedSource(references)), references),
  }),
};

/** A function of the same name would stand in the place of what it is to call. */
function untaken(candidate: Candidate | undefined, references: readonly Reference[]): Candidate | undefined {
  return references.some(({ entry }) => entry === candidate?.entry) ? undefined : candidate;
}

function session(references: readonly Reference[]): string {
  const one = ({ program, entry, pairs }: Reference) =>
    sessionSource(program) +
    pairs
      .slice(0, 1)
      .map((pair) => known(entry, pair))
      .join('');
  return references.map(one).join('');
}

function known(entry: string, [call, output]: Pair): string {
  return sessionCall(entry, argumentText(call), output);
}

function asked(references: readonly Reference[]): string {
  const shown = references.map(({ program, entry, pairs }) =>
    programAndPairs(program, entry, pairs.slice(0, 1)),
  );
  return [...shown, `Wanted: ${wanted(references)}`].join('\n\n');
}

function wanted(references: readonly Reference[]): string {
  return `a function that calls ${references.map(({ entry }) => entry).join(' and ')}`;
}

/** The programs of references one after another. */
export function composedSource(references: readonly Pick<Reference, 'program'>[]): string {
  return references.map(({ program }) => `${program.trimEnd()}\n\n`).join('');
}

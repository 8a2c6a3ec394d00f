import type { Pair } from '../../../../protocol/task.ts';
import { callSource, programAndPairs } from '../in-words.ts';
import type { Candidate, InWords, ProposalForm, Reference } from '../kind-spec.ts';
import { argumentText, sessionCall, sessionSource } from '../session.ts';
import { functionAndCallEnd, readFunctionAndCall, readSourceAndCall } from './written-function.ts';

/** A function with a call, as an example shows it. */
interface Shown {
  readonly program: string;
  readonly pair: Pair;
}

const plain: Shown = {
  program:
    'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        total += number\n    return total',
  pair: ['([1, 2, 3],)', '6'],
};
const choosy: Shown = {
  program:
    'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        if number > 0:\n            total += number\n    return total',
  pair: ['([5, -2, 3],)', '8'],
};

/** What is asked for in words, and one function with such a variant of it. */
const asked = {
  any: { words: 'a variant', from: plain, to: choosy, thought: 'It could add the positive numbers only.' },
  easier: {
    words: 'an easier variant',
    from: choosy,
    to: plain,
    thought: 'It could add all of the numbers.',
  },
} as const;

/** A variant of a mined unit with a call: same name, other behaviour. The model continues `>>> def entry(`. */
export const variantForm: Omit<ProposalForm, 'share'> = {
  name: 'variant',
  references: 1,
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: ([reference], examples) => {
    if (reference === undefined) throw new RangeError('The variant form needs a reference.');
    return { prompt: variantPrompt(reference, 'any', examples), ends: functionAndCallEnd, numPredict: 128 };
  },
  read: (text, [reference]) => {
    if (reference === undefined) return undefined;
    return readFunctionAndCall(`${reference.entry}(${text}`, imports(reference.program));
  },
  inWords: ([reference]) => {
    if (reference === undefined) throw new RangeError('The variant form needs a reference.');
    return variantInWords(reference, 'any');
  },
};

/** A prompt for any variant of a reference, or for one that is easier to solve. It ends within the variant's first line. */
export function variantPrompt(
  { program, entry, pairs }: Reference,
  which: keyof typeof asked,
  examples = 1,
): string {
  const { words, from, to } = asked[which];
  const known = pairs.slice(0, 1).map(([call, output]) => sessionCall(entry, argumentText(call), output));
  const shown = `${session(from)}>>> # ${words}\n${session(to)}`;
  return `${examples === 0 ? '' : shown}${sessionSource(program)}${known.join('')}>>> # ${words}\n>>> def ${entry}(`;
}

/** The same question in words. */
export function variantInWords(
  { program, entry, pairs }: Reference,
  which: keyof typeof asked,
): InWords<Candidate> {
  const { words, from, to, thought } = asked[which];
  return {
    instruction: `Write ${words} of the function: the same name, another behaviour. The answer is its source and, on a last line, a call of it.`,
    examples: [
      {
        question: programAndPairs(from.program, 'add_all', [from.pair]),
        thought,
        answer: `${to.program}\n${callSource('add_all', to.pair[0])}`,
      },
    ],
    question: programAndPairs(program, entry, pairs.slice(0, 1)),
    read: (answer) => {
      const candidate = readSourceAndCall(answer, imports(program));
      return candidate?.entry === entry ? candidate : undefined;
    },
  };
}

function session({ program, pair: [call, output] }: Shown): string {
  return sessionSource(program) + sessionCall('add_all', argumentText(call), output);
}

/** The reference's import lines: a variant may use them as the original does. */
function imports(program: string): string {
  const lines = program.split('\n').filter((line) => /^(import|from) /.test(line) && !line.endsWith('('));
  return lines.map((line) => `${line}\n`).join('');
}

import type { Pair } from '../../../../protocol/task.ts';
import { callSource, programAndPairs } from '../in-words.ts';
import type { ProposalForm } from '../kind-spec.ts';
import { argumentText, sessionCall, sessionSource } from '../session.ts';
import { functionAndCallEnd, readFunctionAndCall, readSourceAndCall } from './written-function.ts';

/** One function and a variant of it, so that the model sees what is asked for. */
const example = {
  program:
    'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        total += number\n    return total',
  pair: ['([1, 2, 3],)', '6'] as Pair,
  variant:
    'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        if number > 0:\n            total += number\n    return total',
  variantPair: ['([5, -2, 3],)', '8'] as Pair,
};

/** A variant of a mined unit with a call: same name, other behaviour. The model continues `>>> def entry(`. */
export const variantForm: Omit<ProposalForm, 'share'> = {
  name: 'variant',
  references: 1,
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: ([reference], examples = 1) => {
    if (reference === undefined) throw new RangeError('The variant form needs a reference.');
    const { program, entry, pairs } = reference;
    const known = pairs.slice(0, 1).map(([call, output]) => sessionCall(entry, argumentText(call), output));
    const shown = examples === 0 ? '' : workedVariant();
    return {
      prompt: `${shown}${sessionSource(program)}${known.join('')}>>> # a variant\n>>> def ${entry}(`,
      ends: functionAndCallEnd,
      numPredict: 128,
    };
  },
  read: (text, [reference]) => {
    if (reference === undefined) return undefined;
    return readFunctionAndCall(`${reference.entry}(${text}`, imports(reference.program));
  },
  inWords: ([reference]) => {
    if (reference === undefined) throw new RangeError('The variant form needs a reference.');
    const { program, entry, pairs } = reference;
    return {
      instruction:
        'Write a variant of the function: the same name, another behaviour. The answer is its source and, on a last line, a call of it.',
      examples: [
        {
          question: programAndPairs(example.program, 'add_all', [example.pair]),
          thought: 'It could add the positive numbers only.',
          answer: `${example.variant}\n${callSource('add_all', example.variantPair[0])}`,
        },
      ],
      question: programAndPairs(program, entry, pairs.slice(0, 1)),
      read: (answer) => {
        const candidate = readSourceAndCall(answer, imports(program));
        return candidate?.entry === entry ? candidate : undefined;
      },
    };
  },
};

function workedVariant(): string {
  const call = ([args, output]: Pair) => sessionCall('add_all', argumentText(args), output);
  const { program, pair, variant, variantPair } = example;
  return `${sessionSource(program)}${call(pair)}>>> # a variant\n${sessionSource(variant)}${call(variantPair)}`;
}

/** The reference's import lines: a variant may use them as the original does. */
function imports(program: string): string {
  const lines = program.split('\n').filter((line) => /^(import|from) /.test(line) && !line.endsWith('('));
  return lines.map((line) => `${line}\n`).join('');
}

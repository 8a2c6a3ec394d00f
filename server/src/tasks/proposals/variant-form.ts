import type { ProposalForm, Reference } from '../kind-spec.ts';
import { argumentText, sessionCall, sessionSource } from '../session.ts';
import { functionAndCallEnd, readFunctionAndCall } from './written-function.ts';

/** A function with a call, as an example shows it. */
interface Shown {
  readonly program: string;
  readonly call: string;
}

const plain: Shown = {
  program:
    'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        total += number\n    return total',
  call: sessionCall('add_all', '[1, 2, 3]', '6'),
};
const choosy: Shown = {
  program:
    'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        if number > 0:\n            total += number\n    return total',
  call: sessionCall('add_all', '[5, -2, 3]', '8'),
};

/** What is asked for in words, and one function with such a variant of it. */
const asked = {
  any: { words: 'a variant', from: plain, to: choosy },
  easier: { words: 'an easier variant', from: choosy, to: plain },
} as const;

/** A variant of a mined unit with a call: same name, other behaviour. The model continues `>>> def entry(`. */
export const variantForm: Omit<ProposalForm, 'share'> = {
  name: 'variant',
  references: 1,
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: ([reference]) => {
    if (reference === undefined) throw new RangeError('The variant form needs a reference.');
    return { prompt: variantPrompt(reference, 'any'), ends: functionAndCallEnd, numPredict: 128 };
  },
  read: (text, [reference]) => {
    if (reference === undefined) return undefined;
    return readFunctionAndCall(`${reference.entry}(${text}`, imports(reference.program));
  },
};

/** A prompt for any variant of a reference, or for one that is easier to solve. It ends within the variant's first line. */
export function variantPrompt({ program, entry, pairs }: Reference, which: keyof typeof asked): string {
  const { words, from, to } = asked[which];
  const known = pairs.slice(0, 1).map(([call, output]) => sessionCall(entry, argumentText(call), output));
  const shown = `${sessionSource(from.program)}${from.call}>>> # ${words}\n${sessionSource(to.program)}${to.call}`;
  return `${shown}${sessionSource(program)}${known.join('')}>>> # ${words}\n>>> def ${entry}(`;
}

/** The reference's import lines: a variant may use them as the original does. */
function imports(program: string): string {
  const lines = program.split('\n').filter((line) => /^(import|from) /.test(line) && !line.endsWith('('));
  return lines.map((line) => `${line}\n`).join('');
}

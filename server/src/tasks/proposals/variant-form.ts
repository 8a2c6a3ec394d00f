import type { ProposalForm } from '../kind-spec.ts';
import { argumentText, sessionCall, sessionSource } from '../session.ts';
import { functionAndCallEnd, readFunctionAndCall } from './written-function.ts';

/** One function and a variant of it, so that the model sees what is asked for. */
const example = {
  program:
    'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        total += number\n    return total',
  call: sessionCall('add_all', '[1, 2, 3]', '6'),
  variant:
    'def add_all(numbers):\n    total = 0\n    for number in numbers:\n        if number > 0:\n            total += number\n    return total',
  variantCall: sessionCall('add_all', '[5, -2, 3]', '8'),
};

/** A variant of a mined unit with a call: same name, other behaviour. The model continues `>>> def entry(`. */
export const variantForm: Omit<ProposalForm, 'share'> = {
  name: 'variant',
  references: 1,
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: ([reference]) => {
    if (reference === undefined) throw new RangeError('The variant form needs a reference.');
    const { program, entry, pairs } = reference;
    const known = pairs.slice(0, 1).map(([call, output]) => sessionCall(entry, argumentText(call), output));
    const shown = `${sessionSource(example.program)}${example.call}>>> # a variant\n${sessionSource(example.variant)}${example.variantCall}`;
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
};

/** The reference's import lines: a variant may use them as the original does. */
function imports(program: string): string {
  const lines = program.split('\n').filter((line) => /^(import|from) /.test(line) && !line.endsWith('('));
  return lines.map((line) => `${line}\n`).join('');
}

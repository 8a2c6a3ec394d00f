import type { Pair } from '../../../protocol/task.ts';

/** A small function with calls, written for prompts: shows the form, is in no workspace and in no benchmark. */
export interface WorkedExample {
  readonly program: string;
  readonly entry: string;
  readonly message: string;
  readonly pairs: readonly [Pair, Pair, Pair];
  /** Why the first pair's output is what it is. */
  readonly thought: string;
  /** Why the last pair's call is worth asking after the others. */
  readonly idea: string;
  /** Where Python may be run first: a call that is worth trying, and an expression that tells how to write the program. */
  readonly tried: { readonly call: Pair; readonly expression: Pair };
}

/** The first worked examples, all of them where no number is given. */
export function shownExamples(count = workedExamples.length): readonly WorkedExample[] {
  return workedExamples.slice(0, count);
}

/** The same in every prompt, so that they are a prefix that the model's cache keeps. */
export const workedExamples: readonly WorkedExample[] = [
  {
    program: [
      'def add_all(numbers):',
      '    total = 0',
      '    for number in numbers:',
      '        total += number',
      '    return total',
    ].join('\n'),
    entry: 'add_all',
    message: 'Adds up the numbers of a list.',
    pairs: [
      ['([1, 2, 3],)', '6'],
      ['([10, -4],)', '6'],
      ['([],)', '0'],
    ],
    thought: 'The numbers 1, 2 and 3 add up to 6.',
    idea: 'An empty list was not asked yet.',
    tried: { call: ['([5],)', '5'], expression: ['sum([1, 2, 3])', '6'] },
  },
  {
    program: ['def initials(name):', "    return '.'.join(word[0].upper() for word in name.split())"].join(
      '\n',
    ),
    entry: 'initials',
    message: 'Joins the capital first letters of the words with dots.',
    pairs: [
      ["('ada lovelace',)", "'A.L'"],
      ["('alan m turing',)", "'A.M.T'"],
      ["('grace',)", "'G'"],
    ],
    thought: 'The words begin with a and l; as capitals with a dot between they are A.L.',
    idea: 'A single word was not asked yet.',
    tried: {
      call: ["('x y',)", "'X.Y'"],
      expression: ["'alan m turing'.split()", "['alan', 'm', 'turing']"],
    },
  },
  {
    program: ['def repeat(word, times):', '    return [word] * times'].join('\n'),
    entry: 'repeat',
    message: 'Makes a list that holds the word so many times.',
    pairs: [
      ["('ab', 2)", "['ab', 'ab']"],
      ["('x', 3)", "['x', 'x', 'x']"],
      ["('', 1)", "['']"],
    ],
    thought: 'The list holds the word ab as often as 2 says.',
    idea: 'An empty word was not asked yet.',
    tried: { call: ["('ab', 0)", '[]'], expression: ["['x'] * 3", "['x', 'x', 'x']"] },
  },
];

import type { Pair } from '../../../../protocol/task.ts';
import { programAndPairs } from '../in-words.ts';
import { messageRules, shownPairs } from '../induction/rules.ts';
import type { ProposalForm } from '../kind-spec.ts';
import { firstLine, lineEnds, pairComments, sessionSource } from '../session.ts';
import { shownExamples, workedExamples } from '../worked-examples.ts';

/** A message that describes a program, for induction. The model continues a comment. */
export const messageForm: Omit<ProposalForm, 'share'> = {
  name: 'message',
  references: 1,
  // Further pairs are made up (`drawPairs`).
  minPairs: 1,
  maxPairs: Number.POSITIVE_INFINITY,
  ask: ([reference], count) => {
    if (reference === undefined) throw new RangeError('The message form needs a reference.');
    const examples = shownExamples(count).map(
      ({ program, entry, pairs, message }) => `${asked(program, entry, pairs)} ${message}\n`,
    );
    return {
      prompt: `${examples.join('')}${asked(reference.program, reference.entry, reference.pairs.slice(0, shownPairs))}`,
      ends: lineEnds,
      numPredict: 64,
    };
  },
  read: (text, [reference]) => {
    const message = firstLine(text).trim();
    if (message === '' || reference === undefined) return undefined;
    return { type: 'message', program: reference.program, entry: reference.entry, message };
  },
  inWords: ([reference]) => {
    if (reference === undefined) throw new RangeError('The message form needs a reference.');
    const { program, entry, pairs } = reference;
    return {
      instruction: `Say in one sentence what the function does. The answer is that sentence. ${messageRules.join(' ')}`,
      examples: workedExamples.map((example) => ({
        question: programAndPairs(example.program, example.entry, example.pairs),
        thought: example.thought,
        answer: example.message,
      })),
      question: programAndPairs(program, entry, pairs.slice(0, shownPairs)),
      read: (answer) => {
        const message = answer.trim();
        return message === '' ? undefined : { type: 'message', program, entry, message };
      },
    };
  },
};

function asked(program: string, entry: string, pairs: readonly Pair[]): string {
  return `${programWithPairs(program, entry, pairs)}>>> ${messageOpening(entry)}`;
}

/** A program as a session, and its pairs as comments. */
export function programWithPairs(program: string, entry: string, pairs: readonly Pair[]): string {
  return sessionSource(program) + pairComments(entry, null, pairs);
}

/** The beginning of the comment that is to say what a program does. */
export function messageOpening(entry: string): string {
  return `# What ${entry} does, in one sentence:`;
}

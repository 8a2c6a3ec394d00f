import type { Pair } from '../../../../protocol/task.ts';
import { knownPairs } from '../in-words.ts';
import type { InductionQuestion, InWords, KindSpec, Question } from '../kind-spec.ts';
import { callForm } from '../proposals/call-form.ts';
import { messageForm } from '../proposals/message-form.ts';
import { continuedFunction, functionEnds, pairComments, sessionSource } from '../session.ts';
import { shownExamples, workedExamples } from '../worked-examples.ts';
import { messageRules, minPairs, pairRules } from './rules.ts';

/**
 * Induction: write the program from a message and the shown pairs. A program with too few verified pairs is first given
 * more calls, one at a time; a message for it is asked for once it has enough.
 */
export const induction: KindSpec<InductionQuestion> = {
  kind: 'induction',
  promptVersion: 'induction-1',
  rules: [...pairRules, ...messageRules],
  forms: [
    { ...messageForm, share: 0.5 },
    { ...callForm, share: 0.5, maxPairs: minPairs - 1 },
  ],
  ask: (task, examples) => askForProgram(task.entry, task.shown, task.message, examples),
  read: (text, finish, task) => {
    // Where the model itself ended, its last line is complete though no newline follows.
    const written = `${task.entry}(${text}${finish === 'end' ? '\n\n' : ''}`;
    return continuedFunction(written)?.source ?? null;
  },
  inWords: ({ entry, shown, message }): InWords<string> => ({
    instruction:
      'Write the Python function that does this. The answer is its source, with the imports that it needs.',
    examples: workedExamples.map(({ program, entry, message, pairs, thought }) => ({
      question: wantedProgram(entry, message, pairs),
      thought,
      answer: program,
    })),
    question: wantedProgram(entry, message, shown),
    read: (answer) => (answer.trim() === '' ? undefined : `${answer.trim()}\n`),
  }),
};

function wantedProgram(entry: string, message: string, pairs: readonly Pair[]): string {
  return `${entry}: ${message}\n${knownPairs(entry, pairs)}`;
}

/** Asks for a program that gives the pairs and does what the message says; without a message, from the pairs alone. */
export function askForProgram(
  entry: string,
  shown: readonly Pair[],
  message: string | null,
  count?: number,
): Question {
  const examples = shownExamples(count).map(
    (example) =>
      pairComments(example.entry, message === null ? null : example.message, example.pairs) +
      sessionSource(example.program),
  );
  return {
    prompt: `${examples.join('')}${pairComments(entry, message, shown)}>>> def ${entry}(`,
    ends: functionEnds,
    numPredict: 128,
  };
}

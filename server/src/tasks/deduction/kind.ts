import { callSource } from '../in-words.ts';
import type { DeductionQuestion, KindSpec } from '../kind-spec.ts';
import { callForm } from '../proposals/call-form.ts';
import { compositionForm } from '../proposals/composition-form.ts';
import { programForm } from '../proposals/program-form.ts';
import { variantForm } from '../proposals/variant-form.ts';
import { argumentText, firstLine, lineEnds, sessionCall, sessionSource } from '../session.ts';
import { shownExamples, workedExamples } from '../worked-examples.ts';
import { deductionRules } from './rules.ts';

/** Deduction: predict the output of a call. The answer is the line that a Python session would print. */
export const deduction: KindSpec<DeductionQuestion> = {
  kind: 'deduction',
  promptVersion: 'deduction-1',
  rules: deductionRules,
  forms: [
    { ...callForm, share: 0.7 },
    { ...variantForm, share: 0.1 },
    { ...compositionForm, share: 0.1 },
    { ...programForm, share: 0.1 },
  ],
  ask: (task, shown) => {
    const examples = shownExamples(shown).map(
      ({ program, entry, pairs: [[call, output]] }) =>
        sessionSource(program) + sessionCall(entry, argumentText(call), output),
    );
    return {
      prompt: `${examples.join('')}${sessionSource(task.program)}>>> ${task.entry}(${argumentText(task.call)})\n`,
      ends: lineEnds,
      numPredict: 96,
    };
  },
  read: (text, finish) => {
    const line = firstLine(text).trim();
    const cut = !lineEnds(text) && finish !== 'end';
    return line === '' || cut ? null : line;
  },
  inWords: ({ program, entry, call }) => ({
    instruction:
      'Say what the call returns. The answer is that value as a Python literal; of a call that raises, it is raise and the name of the exception.',
    examples: workedExamples.map(({ program, entry, pairs: [[call, output]], thought }) => ({
      question: calledProgram(program, entry, call),
      thought,
      answer: output,
    })),
    question: calledProgram(program, entry, call),
    read: (answer) => answer.trim() || undefined,
  }),
};

function calledProgram(program: string, entry: string, call: string): string {
  return `${program.trimEnd()}\n\nThe call: ${callSource(entry, call)}`;
}

import { callSource, wholeCall } from '../in-words.ts';
import type { AbductionQuestion, KindSpec } from '../kind-spec.ts';
import { callForm, closedArguments } from '../proposals/call-form.ts';
import { compositionForm } from '../proposals/composition-form.ts';
import { programForm } from '../proposals/program-form.ts';
import { variantForm } from '../proposals/variant-form.ts';
import { argumentText, callText, lineEnds } from '../session.ts';
import { shownExamples, workedExamples } from '../worked-examples.ts';
import { abductionRules } from './rules.ts';

/** Abduction: find a call that gives the output. The answer is the argument tuple that the model puts after `arguments = (`. */
export const abduction: KindSpec<AbductionQuestion> = {
  kind: 'abduction',
  promptVersion: 'abduction-1',
  rules: abductionRules,
  forms: [
    { ...callForm, share: 0.7 },
    { ...variantForm, share: 0.1 },
    { ...compositionForm, share: 0.1 },
    { ...programForm, share: 0.1 },
  ],
  ask: (task, shown) => {
    const examples = shownExamples(shown).map(
      ({ program, entry, pairs: [[call, output]] }) =>
        `${question(program, entry, output)}${argumentText(call)})\nassert ${entry}(*arguments) == ${output}\n\n\n`,
    );
    return {
      prompt: examples.join('') + question(task.program.trimEnd(), task.entry, task.output),
      ends: lineEnds,
      numPredict: 64,
    };
  },
  read: (text) => {
    const args = closedArguments(text);
    return args === undefined ? null : callText(args);
  },
  inWords: ({ program, entry, output }) => ({
    instruction: 'Find a call that returns the output. The answer is that call, with literals as arguments.',
    examples: workedExamples.map(({ program, entry, pairs: [[call, output]], thought }) => ({
      question: wantedOutput(program, entry, output),
      thought,
      answer: callSource(entry, call),
    })),
    question: wantedOutput(program, entry, output),
    read: (answer) => wholeCall(entry, answer),
  }),
};

function wantedOutput(program: string, entry: string, output: string): string {
  return `${program.trimEnd()}\n\nThe output that ${entry} is to return: ${output}`;
}

function question(program: string, entry: string, output: string): string {
  return `${program}\n\n# Arguments for which ${entry} returns ${output}:\narguments = (`;
}

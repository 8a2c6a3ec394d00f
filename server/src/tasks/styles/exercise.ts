import type { Finish } from '../../../../protocol/group.ts';
import type { Candidate, InWords, ProposalForm, Question, Reference, TaskQuestion } from '../kind-spec.ts';
import { kindSpec } from '../kinds.ts';

/** What a kind asks, in both of the ways that styles can put it, and how an answer in either is read. */
export interface Exercise<Answer> {
  readonly promptVersion: string;
  /** A text to continue, behind so many worked examples. */
  continued(examples: number): Question;
  readContinued(text: string, finish: Finish): Answer | undefined;
  inWords(): InWords<Answer>;
}

/** Solving a task. */
export function solving(task: TaskQuestion): Exercise<string> {
  const spec = kindSpec(task.kind);
  return {
    promptVersion: spec.promptVersion,
    continued: (examples) => spec.ask(task, examples),
    readContinued: (text, finish) => spec.read(text, finish, task) ?? undefined,
    inWords: () => spec.inWords(task),
  };
}

/** Proposing a task by a form, about references. */
export function proposing(
  form: ProposalForm,
  references: readonly Reference[],
  promptVersion: string,
): Exercise<Candidate> {
  return {
    promptVersion,
    continued: (examples) => form.ask(references, examples),
    readContinued: (text) => form.read(text, references),
    inWords: () => form.inWords(references),
  };
}

import type { Style } from '../../../../protocol/style.ts';
import type { Question, TaskQuestion } from '../kind-spec.ts';
import type { Asked } from '../styles/ask-in-style.ts';
import { solving } from '../styles/exercise.ts';
import { versionIn } from '../styles/style.ts';
import { shownExamples } from '../worked-examples.ts';
import { type ToolForm, type ToolKind, toolForms } from './tool-forms.ts';

/** Pieces of Python that a model may write before it answers (Agent0, arXiv 2511.16043: at most four turns). */
export const mostPieces = 4;

/** Tokens that each piece adds to what an attempt may take. */
const tokensOfPiece = 32;

/** What an attempt needs that may run Python first. */
export interface ToolSession {
  /** What can be used in the session. */
  readonly scope: string;
  /** What stands behind the prompt mark where the answer begins. */
  readonly opening: string;
  /** How many tokens an answer takes; where no more are left, it is asked for at once. */
  readonly answerTokens: number;
  readonly keepsDefinitions: boolean;
}

/** A question before whose answer a model may run Python. `ends` and `read` take what stands behind the answer's opening. */
export interface AskedWithTool extends Asked<string> {
  readonly tool: ToolSession;
}

/** Where a session waits for the model. */
export const promptMark = '>>>';

/**
 * A task as a session in which the model may run Python; `numPredict` is for all of it. Undefined where it may not: in a deduction,
 * and in every other frame than a session.
 */
export function askWithTool(task: TaskQuestion, style: Style): AskedWithTool | undefined {
  if (style.frame !== 'session' || task.kind === 'deduction') return undefined;
  // A form gets tasks of its own kind only.
  const form = toolForms[task.kind] as ToolForm<Extract<TaskQuestion, { kind: ToolKind }>>;
  const exercise = solving(task);
  const answer: Question = exercise.continued(style.examples);
  const worked = shownExamples(style.examples).map((example) => form.worked(example));
  return {
    prompt: `${worked.join('')}${form.asked(task)}${promptMark}`,
    promptVersion: `${versionIn(style, exercise.promptVersion)}+tool-1`,
    ends: answer.ends,
    numPredict: answer.numPredict + mostPieces * tokensOfPiece,
    read: exercise.readContinued,
    tool: {
      scope: form.scope(task),
      opening: form.opening(task),
      answerTokens: answer.numPredict,
      keepsDefinitions: form.keepsDefinitions,
    },
  };
}

import type { Kind } from '../../../../protocol/kind.ts';
import { callSource } from '../in-words.ts';
import { shownPairs } from '../induction/rules.ts';
import type { TaskQuestion } from '../kind-spec.ts';
import { messageOpening, programWithPairs } from '../proposals/message-form.ts';
import { argumentText, pairComments, sessionSource } from '../session.ts';
import type { WorkedExample } from '../worked-examples.ts';

/** The kinds in which a model may run Python before it answers. Of a deduction, running it is the answer. */
export type ToolKind = Exclude<Kind, 'deduction'>;

/** How a kind is asked as a session in which the model may run Python first. */
export interface ToolForm<T> {
  /** What can be used in the session: the program where the question shows it, and nothing where it is what is asked for. */
  scope(task: T): string;
  /** The session up to the first prompt mark. */
  asked(task: T): string;
  /** What stands behind the prompt mark where the answer begins; from there on it is as in a question without a tool. */
  opening(task: T): string;
  /** A worked one, something tried first, up to the next prompt mark. */
  worked(example: WorkedExample): string;
  /** Definitions and imports that the model made on its way belong to the answer. */
  readonly keepsDefinitions: boolean;
}

/** A line of a session, and what it showed. */
function tried(source: string, output: string): string {
  return `>>> ${source}\n${output}\n`;
}

function wanted(program: string, entry: string, output: string): string {
  return `${sessionSource(program)}>>> # Arguments for which ${entry} returns ${output}:\n`;
}

const argumentsOpening = 'arguments = (';

export const toolForms: { readonly [K in ToolKind]: ToolForm<Extract<TaskQuestion, { kind: K }>> } = {
  abduction: {
    scope: ({ program }) => program,
    asked: ({ program, entry, output }) => wanted(program, entry, output),
    opening: () => argumentsOpening,
    worked: ({ program, entry, pairs: [[call, output]], tried: { call: other } }) =>
      wanted(program, entry, output) +
      tried(callSource(entry, other[0]), other[1]) +
      `>>> ${argumentsOpening}${argumentText(call)})\n`,
    keepsDefinitions: false,
  },
  induction: {
    scope: () => '',
    asked: ({ entry, message, shown }) => pairComments(entry, message, shown),
    opening: ({ entry }) => `def ${entry}(`,
    worked: ({ program, entry, message, pairs, tried: { expression } }) =>
      pairComments(entry, message, pairs) + tried(...expression) + sessionSource(program),
    keepsDefinitions: true,
  },
  explain: {
    scope: ({ program }) => program,
    asked: ({ program, entry, shown }) => programWithPairs(program, entry, shown.slice(0, shownPairs)),
    opening: ({ entry }) => messageOpening(entry),
    worked: ({ program, entry, message, pairs, tried: { call } }) =>
      programWithPairs(program, entry, pairs) +
      tried(callSource(entry, call[0]), call[1]) +
      `>>> ${messageOpening(entry)} ${message}\n`,
    keepsDefinitions: false,
  },
};

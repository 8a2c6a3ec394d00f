import type { Finish } from '../../../protocol/group.ts';
import type { Kind } from '../../../protocol/kind.ts';
import type {
  AbductionTask,
  DeductionTask,
  ExplainTask,
  InductionTask,
  Pair,
} from '../../../protocol/task.ts';

/** A unit of this workspace that proposals are grounded in: its program and what is known of it. */
export interface Reference {
  readonly program: string;
  readonly entry: string;
  /** Verified calls and their outputs, Python literal text. At least one. */
  readonly pairs: readonly Pair[];
}

/** A question for the model: the exact text, where its answer ends, and how many tokens it may take. */
export interface Question {
  readonly prompt: string;
  readonly ends: (text: string) => boolean;
  readonly numPredict: number;
}

/** What is asked, put in words, for every style that does not have the model continue a text. */
export interface InWords<Answer> {
  /** What is to be done, and what an answer is. */
  readonly instruction: string;
  /** Worked ones, in the order in which a prompt shows them; `thought` is a short way to the answer. */
  readonly examples: readonly {
    readonly question: string;
    readonly thought: string;
    readonly answer: string;
  }[];
  readonly question: string;
  /** The answer, from the text that stands as such; undefined where it is none. */
  read(answer: string): Answer | undefined;
}

/** What a proposal's text says, before anything was checked. */
export type Candidate =
  | { readonly type: 'call'; readonly program: string; readonly entry: string; readonly call: string }
  | { readonly type: 'message'; readonly program: string; readonly entry: string; readonly message: string };

/** One way to ask for a proposal. Forms are named by how free they leave the model. */
export interface ProposalForm {
  readonly name: 'call' | 'variant' | 'easier' | 'composition' | 'program' | 'message';
  /** Share of this kind's proposal groups; a kind's shares add up to 1. */
  readonly share: number;
  /** How many references the prompt shows. The first one is what the proposal is about. */
  readonly references: number;
  /** Pairs that the first reference must have. */
  readonly minPairs: number;
  /** Pairs above which this form is not needed. */
  readonly maxPairs: number;
  /** A text to continue, behind so many worked examples: all where absent. */
  ask(references: readonly Reference[], examples?: number): Question;
  /** Undefined where the text is not well-formed. */
  read(text: string, references: readonly Reference[]): Candidate | undefined;
  inWords(references: readonly Reference[]): InWords<Candidate>;
}

/** What the model is shown of a task, and nothing more: the gold is not among it. */
export type DeductionQuestion = Pick<DeductionTask, 'kind' | 'program' | 'entry' | 'call'>;
export type AbductionQuestion = Pick<AbductionTask, 'kind' | 'program' | 'entry' | 'output'>;
export type InductionQuestion = Pick<InductionTask, 'kind' | 'entry' | 'message' | 'shown'>;
export type ExplainQuestion = Pick<ExplainTask, 'kind' | 'program' | 'entry' | 'shown'>;
export type TaskQuestion = DeductionQuestion | AbductionQuestion | InductionQuestion | ExplainQuestion;

/** Everything that makes a kind: how its tasks are asked, how answers and proposals are read. One folder per kind. */
export interface KindSpec<T extends TaskQuestion = TaskQuestion> {
  readonly kind: Kind;
  /** Changes whenever any prompt text of this kind does. */
  readonly promptVersion: string;
  /** What a task of this kind must be to be worth solving, for people and prompts: made of the numbers that `worth` checks. */
  readonly rules: readonly string[];
  /** None where the kind is not proposed. */
  readonly forms: readonly ProposalForm[];
  /** A text to continue, behind so many worked examples: all where absent. */
  ask(task: T, examples?: number): Question;
  /** The answer in the form that the judge takes; null where the text has none. */
  read(text: string, finish: Finish, task: T): string | null;
  /** The same question in words; its answers are in the same form. */
  inWords(task: T): InWords<string>;
}

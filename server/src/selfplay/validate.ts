import type { ProposalReason, ProposalVerdict } from '../../../protocol/group.ts';
import type { Kind } from '../../../protocol/kind.ts';
import type { UnitRef } from '../../../protocol/seed.ts';
import type { Task, TrivialSolver, WorthReason } from '../../../protocol/task.ts';
import type { TrivialContext } from '../judge/trivial-context.ts';
import { trivialSolver } from '../judge/trivial-solver.ts';
import { shapeHash } from '../mining/program-shape.ts';
import type { HeldOut } from '../mining/splits/held-out.ts';
import type { Sandbox, Verified } from '../sandbox/sandbox.ts';
import type { Store } from '../store/store.ts';
import { answerVisible } from '../tasks/answer-visible.ts';
import { abductionId, deductionId } from '../tasks/from-seeds.ts';
import type { Candidate } from '../tasks/kind-spec.ts';
import { taskSize, tooLarge } from '../tasks/task-size.ts';
import { worth } from '../tasks/worth.ts';
import { readCall } from '../values/literal-reader.ts';
import { writeCall, writeValue } from '../values/literal-writer.ts';
import type { Call } from '../values/value.ts';
import type { Archive, ArchivedProgram } from './archive.ts';
import { behavesAsOne } from './composition/behaves-as-one.ts';
import { callsAll } from './composition/calls-all.ts';
import { sameBehaviour, sameBranches } from './novelty.ts';

export interface ValidateParts {
  readonly archive: Archive;
  readonly heldOut: HeldOut;
  readonly trivial: TrivialContext;
  readonly sandbox: Sandbox;
  /** Whether there is a record of a task, whatever became of it: it is never replaced by a proposal. */
  readonly isKnown: (taskId: string) => Promise<boolean>;
  readonly now: () => string;
}

/** Whether a store has a record of a task. */
export function knownIn(store: Pick<Store, 'tasks'>): ValidateParts['isKnown'] {
  return async (id) => (await store.tasks({ ids: [id] })).length > 0;
}

/** Where a proposal came from. */
export interface ProposalOrigin {
  readonly kind: Kind;
  readonly groupId: string;
  /** The reference that the proposal is about. */
  readonly reference: ArchivedProgram;
  readonly unit: UnitRef;
  /** What a composition is to call, the reference among it. */
  readonly composed?: readonly ArchivedProgram[];
}

/** What validation found: a verdict, and the task where the proposal is valid. */
export type Validated =
  | {
      readonly verdict: Extract<ProposalVerdict, { verdict: 'valid' }>;
      readonly task: Task;
      readonly trivial?: undefined;
    }
  | {
      readonly verdict: Exclude<ProposalVerdict, { verdict: 'valid' }>;
      readonly task?: undefined;
      /** The task that it would be, did no trivial solver get it. */
      readonly trivial?: Task;
    };

type CallCandidate = Extract<Candidate, { type: 'call' }>;

/**
 * Checks a proposed program with a call, cheapest check first: literal call, size, patterns that people rejected, novelty by text
 * and shape, execution in differing images, visible answer, novelty by behaviour and of the task, trivial solvers, worth. The gold is what
 * execution returned.
 */
export async function validateCall(
  candidate: CallCandidate,
  origin: ProposalOrigin,
  { archive, heldOut, trivial, sandbox, isKnown, now }: ValidateParts,
  signal: AbortSignal,
): Promise<Validated> {
  const { program, entry } = candidate;
  if (program.length > taskSize.program) return invalid('too-large');
  const arguments_ = readCall(candidate.call);
  if (!arguments_.ok) return invalid('malformed');
  const call = writeCall(arguments_.value);

  const known = archive.program(candidate);
  let read: string | undefined;
  // Made by parsing, so once and only where it is asked for.
  const shape = () => (read ??= known?.shape ?? shapeHash(program, entry));
  if (archive.reviewed.isRejected(taskKind(origin.kind), shape)) return notNew('rejected-pattern');
  const called = origin.composed?.map((reference) => reference.entry) ?? [];
  if (!callsAll(candidate, called)) return invalid('not-composed');
  if (archive.knowsCall(candidate, call)) return notNew('same-call');
  if (known === undefined && archive.hasShape(shape())) return notNew('same-program');
  if (known === undefined && (await heldOut.isIn(program, signal))) return invalid('held-out');

  const execution = { program, entry, call: arguments_.value };
  const verified = await sandbox.verify(execution, signal);
  if (verified.outcome !== 'ok') return invalid(failure(verified));
  if (verified.value.type === 'none') return invalid('none-output');
  const output = writeValue(verified.value);
  if (tooLarge({ program, call, output })) return invalid('too-large');

  const { lines: executedLines } = await sandbox.trace(execution, signal);
  if (answerVisible({ program, entry, call, output, executedLines })) return invalid('answer-in-prompt');
  if (known !== undefined) {
    if (await sameBranches(known, { output, executedLines }, sandbox, signal)) return notNew('same-branches');
  } else if (await doesTheSame(candidate, { call: arguments_.value, output }, origin, sandbox, signal)) {
    return notNew('same-behaviour');
  }

  const task = callTask(candidate, call, output, origin, sandbox, now());
  if (await isKnown(task.id)) return notNew('same-task');
  // First, for what a trivial solver gets tells how well guessing does, and is counted.
  const solver = await trivialSolver(task, trivial, sandbox, signal);
  if (solver !== null) return trivially(task, solver);
  const unworthy = await worth(task, trivial, sandbox, signal);
  if (unworthy !== null) return notWorth(unworthy);
  return { verdict: { verdict: 'valid' }, task };
}

/** Whether a new program behaves as what it was made from. */
function doesTheSame(
  candidate: CallCandidate,
  pair: { readonly call: Call; readonly output: string },
  { reference, composed }: ProposalOrigin,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<boolean> {
  return composed === undefined
    ? sameBehaviour(candidate, reference, sandbox, signal)
    : behavesAsOne(candidate, pair, composed, sandbox, signal);
}

function callTask(
  { program, entry }: CallCandidate,
  call: string,
  output: string,
  { kind, groupId, unit }: ProposalOrigin,
  sandbox: Sandbox,
  createdAt: string,
): Task {
  const base = {
    program,
    entry,
    unit,
    origin: 'proposed',
    proposedBy: groupId,
    state: 'open',
    split: 'train',
    trivial: null,
    backend: sandbox.backend,
    createdAt,
    call,
    output,
  } as const;
  return taskKind(kind) === 'abduction'
    ? { ...base, kind: 'abduction', id: abductionId(program, entry, output) }
    : { ...base, kind: 'deduction', id: deductionId(program, entry, call) };
}

/** For induction a call is a further verified pair; kept as the deduction task that it also is. */
function taskKind(kind: Kind): 'deduction' | 'abduction' {
  return kind === 'abduction' ? 'abduction' : 'deduction';
}

function failure(verified: Exclude<Verified, { outcome: 'ok' }>): ProposalReason {
  if (verified.outcome !== 'refused') return verified.outcome;
  return verified.reason === 'bad-record' ? 'malformed' : verified.reason;
}

/** A proposal that is valid but for the trivial solver that gets it. */
export function trivially(task: Task, solver: TrivialSolver): Validated {
  return { verdict: { verdict: 'trivial', reason: solver }, trivial: { ...task, trivial: solver } };
}

export function invalid(reason: ProposalReason): Validated {
  return { verdict: { verdict: 'invalid', reason } };
}

/** A proposal that runs and is new, and breaks a rule of what is worth solving. */
export function notWorth(reason: WorthReason): Validated {
  return { verdict: { verdict: 'not-worth', reason } };
}

export function notNew(reason: Extract<ProposalVerdict, { verdict: 'not-new' }>['reason']): Validated {
  return { verdict: { verdict: 'not-new', reason } };
}

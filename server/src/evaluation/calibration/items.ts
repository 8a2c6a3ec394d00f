import type { Finish } from '../../../../protocol/group.ts';
import type { Verdict } from '../../../../protocol/judge.ts';
import { type Cell, cells } from '../../../../protocol/kind.ts';
import type { Style } from '../../../../protocol/style.ts';
import type { ExecutedTask, Task } from '../../../../protocol/task.ts';
import { judgeAttempt } from '../../judge/attempt.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import type { Archive, ArchivedProgram } from '../../selfplay/archive.ts';
import type { Choices } from '../../selfplay/choices.ts';
import type { Preset } from '../../selfplay/presets/preset.ts';
import { chooseForm, validateCandidate } from '../../selfplay/propose.ts';
import { isSuccess, isWellFormed } from '../../selfplay/sample-outcome.ts';
import type { ValidateParts } from '../../selfplay/validate.ts';
import { drawPairs } from '../../tasks/induction/pairs.ts';
import type { ProposalForm, Question } from '../../tasks/kind-spec.ts';
import { kindSpec } from '../../tasks/kinds.ts';
import { contentId } from '../../tasks/record-id.ts';
import { type Asker, askInStyle } from '../../tasks/styles/ask-in-style.ts';
import { type Exercise, proposing, solving } from '../../tasks/styles/exercise.ts';

/** What one answer was worth; undefined where it could not be judged. */
export type Judged = { readonly parsed: boolean; readonly right: boolean } | undefined;

/** Something to ask in each style: a task, or a form with references. */
export interface CalibrationItem {
  /** The same for the same question. */
  readonly id: string;
  ask(style: Style, asker: Asker, signal: AbortSignal): Promise<AskedItem>;
}

export interface AskedItem extends Question {
  readonly format?: object;
  judge(text: string, finish: Finish): Promise<Judged>;
}

/** What each style is asked in a cell: the same questions in the same order. */
export interface CellItems extends Cell {
  readonly items: readonly CalibrationItem[];
}

export interface ItemParts extends ValidateParts {
  readonly tasks: readonly Task[];
  readonly archive: Archive;
  readonly sandbox: Sandbox;
  readonly preset: Preset;
  readonly choices: Choices;
}

/** Cells that are calibrated. Explain is not: each message is judged by a dozen programs that the model writes. */
export const calibratedCells: readonly Cell[] = cells.filter(({ kind }) => kind !== 'explain');

/** Programs that are looked at for each question about pairs: not all have pairs worth solving. */
const triedPerItem = 4;

/** The fixed sample of every cell, of what is learnt from only. Runs programs to find such with pairs worth describing. */
export async function cellItems(count: number, parts: ItemParts, signal: AbortSignal): Promise<CellItems[]> {
  const all: CellItems[] = [];
  for (const cell of calibratedCells) {
    const items =
      cell.role === 'solve' ? solveItems(cell, count, parts) : await proposeItems(cell, count, parts, signal);
    all.push({ ...cell, items });
  }
  return all;
}

function solveItems({ kind }: Cell, count: number, { tasks, archive, choices, sandbox }: ItemParts) {
  const open = tasks.filter(
    (task): task is ExecutedTask => task.kind === kind && !archive.reviewed.isRejectedTask(task.id),
  );
  // What a trivial solver gets tells nothing of a style's reasoning; it is asked only where there is nothing else.
  const hard = open.filter(({ trivial }) => trivial === null);
  return choices.some(hard.length > 0 ? hard : open, count).map((task): CalibrationItem => {
    const judge = async (answer: string | undefined, finish: Finish, signal: AbortSignal) =>
      judgedAs(await judgeAttempt(task, answer ?? null, finish, sandbox, signal));
    return { id: task.id, ask: askWith(solving(task), judge) };
  });
}

async function proposeItems({ kind }: Cell, count: number, parts: ItemParts, signal: AbortSignal) {
  const { archive, preset, choices } = parts;
  const items: CalibrationItem[] = [];
  for (let tried = 0; items.length < count && tried < triedPerItem * count; tried += 1) {
    const found = chooseForm(kind, archive.references(), { preset, choices });
    if (found === undefined) break;
    const { form, references } = found;
    const [reference] = references;
    if (reference === undefined) continue;
    if (form.name === 'message' && typeof (await drawPairs(reference, parts.sandbox, signal)) === 'string')
      continue;
    items.push(proposeItem(kind, form, references, reference, parts));
  }
  return items;
}

function proposeItem(
  kind: Cell['kind'],
  form: ProposalForm,
  references: readonly ArchivedProgram[],
  reference: ArchivedProgram,
  parts: ItemParts,
): CalibrationItem {
  const composed = form.name === 'composition' ? { composed: references } : {};
  const origin = { kind, groupId: 'calibration', reference, unit: reference.unit, ...composed };
  return {
    id: contentId(
      form.name,
      references.map(({ program, entry, pairs }) => [program, entry, pairs]),
    ),
    ask: askWith(
      proposing(form, references, kindSpec(kind).promptVersion),
      async (candidate, finish, signal) => {
        const { verdict } = await validateCandidate(candidate, finish, origin, parts, signal);
        if (verdict.verdict === 'invalid' && verdict.reason === 'sandbox') return undefined;
        return { parsed: isWellFormed({ verdict }), right: isSuccess({ verdict }) };
      },
    ),
  };
}

function askWith<Answer>(
  exercise: Exercise<Answer>,
  judge: (answer: Answer | undefined, finish: Finish, signal: AbortSignal) => Promise<Judged>,
): CalibrationItem['ask'] {
  return async (style, asker, signal) => {
    const asked = await askInStyle(exercise, style, asker, signal);
    return { ...asked, judge: (text, finish) => judge(asked.read(text, finish), finish, signal) };
  };
}

function judgedAs(verdict: Verdict): Judged {
  if (verdict.verdict === 'unjudgeable') return undefined;
  return { parsed: isWellFormed({ verdict }), right: isSuccess({ verdict }) };
}

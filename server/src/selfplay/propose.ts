import type { Finish, Proposal, ProposeGroup } from '../../../protocol/group.ts';
import type { Kind } from '../../../protocol/kind.ts';
import type { Task } from '../../../protocol/task.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { ModelError } from '../model/model-error.ts';
import type { Candidate, ProposalForm } from '../tasks/kind-spec.ts';
import { kindSpec } from '../tasks/kinds.ts';
import { eventId } from '../tasks/record-id.ts';
import { askInStyle } from '../tasks/styles/ask-in-style.ts';
import { proposing } from '../tasks/styles/exercise.ts';
import { defaultStyles, type Styles } from '../tasks/styles/style.ts';
import type { ArchivedProgram } from './archive.ts';
import type { Choices } from './choices.ts';
import { chooseComposed } from './composition/choose-composed.ts';
import type { FormRecord } from './curriculum/form-record.ts';
import { validateMessage } from './describe.ts';
import type { Drawn } from './draw-sample.ts';
import type { Preset } from './presets/preset.ts';
import { type Measured, unplayed } from './rewards/measured.ts';
import { type GroupOrigin, notTrainable, sampleRecord } from './sample-record.ts';
import { drawGroup, onPolicy } from './sampling.ts';
import {
  invalid,
  type ProposalOrigin,
  type Validated,
  type ValidateParts,
  validateCall,
} from './validate.ts';

export interface ProposeParts extends ValidateParts {
  readonly endpoint: Endpoint;
  readonly choices: Choices;
  readonly preset: Preset;
  /** How each cell is asked; the default where absent. */
  readonly styles?: Styles;
}

/** A group of proposals that were validated; their rewards wait until their tasks were played. */
export interface Proposed {
  readonly tasks: readonly Task[];
  /** Those that a trivial solver gets: no tasks, but counted where guessing is measured. */
  readonly trivial: readonly Task[];
  /** The finished record, given what playing showed of each task that was played. */
  settle(measured: ReadonlyMap<string, Omit<Measured, 'siblings'>>): ProposeGroup;
}

/** What a form and references are chosen by. */
export interface FormChoice {
  readonly preset: Preset;
  readonly choices: Choices;
  /** Of which programs a message can make a task; of all where absent. */
  readonly mayDescribe?: (reference: ArchivedProgram) => boolean;
  /** How forms went with this version of the model; without it, they are chosen by their shares. */
  readonly record?: FormRecord;
  /** Functions that a composition calls; two where absent. */
  readonly depth?: number;
}

/** A form with what its prompt shows; the proposal is about the first of the references. */
export interface ChosenForm {
  readonly form: ProposalForm;
  readonly references: readonly ArchivedProgram[];
}

/** Chooses a form and references for a group of proposals; undefined where no program fits any form. */
export function chooseForm(
  kind: Kind,
  references: readonly ArchivedProgram[],
  { preset, choices, mayDescribe = () => true, record, depth = 2 }: FormChoice,
): ChosenForm | undefined {
  const fits = (form: ProposalForm, reference: ArchivedProgram) =>
    reference.pairs.length >= form.minPairs &&
    reference.pairs.length <= form.maxPairs &&
    (form.name !== 'message' || mayDescribe(reference));
  let forms = kindSpec(kind).forms.filter(
    (form) => preset.forms.includes(form.name) && references.some((reference) => fits(form, reference)),
  );
  while (forms.length > 0) {
    const form = record?.choose(kind, forms, choices) ?? choices.weighted(forms, ({ share }) => share);
    const first = form && choices.one(references.filter((reference) => fits(form, reference)));
    if (form === undefined || first === undefined) return undefined;
    const others = references.filter((reference) => reference !== first);
    if (form.name !== 'composition') {
      const shown = form.references === 1 ? 1 : (preset.references ?? form.references);
      return { form, references: [first, ...choices.some(others, shown - 1)] };
    }
    const composed = chooseComposed(first, others, depth, choices);
    if (composed !== undefined) return { form, references: composed };
    forms = forms.filter((other) => other !== form);
  }
  return undefined;
}

/** Proposes as `proposeTasks` does, with half of the references again and again while the prompt is too long for the model's context. */
export async function proposeFitting(
  kind: Kind,
  chosen: ChosenForm,
  origin: GroupOrigin,
  parts: ProposeParts,
  signal: AbortSignal,
): Promise<Proposed> {
  for (let count = chosen.references.length; ; count = Math.ceil(count / 2)) {
    const references = chosen.references.slice(0, count);
    try {
      return await proposeTasks(kind, { ...chosen, references }, origin, parts, signal);
    } catch (error) {
      if (count === 1 || !ModelError.is(error, 'prompt-too-long')) throw error;
    }
  }
}

/** Draws a group of proposals from one prompt and validates each against the archive as it stood before the group. */
export async function proposeTasks(
  kind: Kind,
  chosen: ChosenForm,
  origin: GroupOrigin,
  parts: ProposeParts,
  signal: AbortSignal,
): Promise<Proposed> {
  const { endpoint, choices, preset } = parts;
  const { form, references } = chosen;
  const [reference] = references;
  if (reference === undefined) throw new RangeError('A proposal needs a reference.');
  const id = eventId();
  const composed = form.name === 'composition' ? { composed: references } : {};
  const from: ProposalOrigin = { kind, groupId: id, reference, unit: reference.unit, ...composed };
  const promptVersion = kindSpec(kind).promptVersion;
  const question = await askInStyle(
    proposing(form, references, promptVersion),
    (parts.styles ?? defaultStyles)({ kind, role: 'propose' }),
    { endpoint, model: origin.model.name, draw: () => choices.randomSeed() },
    signal,
  );
  const randomSeeds = Array.from({ length: preset.groupSize.propose }, () => choices.randomSeed());

  const validate = async (drawn: Drawn) => {
    const { text, finish } = drawn.sample;
    const candidate = question.read(text, finish);
    return { drawn, candidate, validated: await validateCandidate(candidate, finish, from, parts, signal) };
  };
  const all = await drawGroup(endpoint, origin.model, question, randomSeeds, validate, signal);

  const tasks = new Map<string, Task>();
  const siblings = new Map<string, number>();
  for (const { validated } of all) {
    if (validated.task === undefined) continue;
    tasks.set(validated.task.id, validated.task);
    siblings.set(validated.task.id, (siblings.get(validated.task.id) ?? 0) + 1);
  }
  const settle: Proposed['settle'] = (played) => {
    const samples = all.map(({ drawn, candidate, validated: { verdict, task } }, index): Proposal => {
      const measured =
        task === undefined ? undefined : { ...unplayed(siblings.get(task.id) ?? 1), ...played.get(task.id) };
      const answer = candidate === undefined ? null : answerText(candidate);
      const reward = preset.proposer(verdict, measured);
      return { ...sampleRecord(drawn, index), answer, verdict, reward, taskId: task?.id ?? null };
    });
    const reason = notTrainable(
      all.map(({ drawn }) => drawn),
      samples,
    );
    return {
      ...origin,
      role: 'propose',
      id,
      kind,
      form: form.name,
      promptVersion: question.promptVersion,
      prompt: question.prompt,
      sampling: onPolicy(question.numPredict),
      trainable: reason === null,
      notTrainable: reason,
      unit: reference.unit,
      createdAt: parts.now(),
      samples,
    };
  };
  const trivial = all.flatMap(({ validated: { trivial } }) => trivial ?? []);
  return { tasks: [...tasks.values()], trivial, settle };
}

/** Checks what the parser took out of a completion, by what it proposes. */
export async function validateCandidate(
  candidate: Candidate | undefined,
  finish: Finish,
  from: ProposalOrigin,
  parts: ValidateParts,
  signal: AbortSignal,
): Promise<Validated> {
  if (candidate === undefined) return invalid(finish === 'length' ? 'cut' : 'malformed');
  return candidate.type === 'call'
    ? validateCall(candidate, from, parts, signal)
    : validateMessage(candidate, from, parts, signal);
}

function answerText(candidate: Candidate): string {
  return candidate.type === 'message'
    ? candidate.message
    : `${candidate.program}\n${candidate.entry}${candidate.call}`;
}

import type { Kind } from '../../protocol/kind.ts';
import { percentileInterval, resample, type Sums } from '../../server/src/evaluation/bootstrap.ts';
import { trivialContext } from '../../server/src/judge/trivial-context.ts';
import type { ModelInfo } from '../../server/src/model/endpoint.ts';
import { Archive } from '../../server/src/selfplay/archive.ts';
import { choices } from '../../server/src/selfplay/choices.ts';
import { FormRecord } from '../../server/src/selfplay/curriculum/form-record.ts';
import { divideTasks } from '../../server/src/selfplay/divide-tasks.ts';
import { yieldOf } from '../../server/src/selfplay/group-yield.ts';
import { share } from '../../server/src/selfplay/interval.ts';
import { namedPreset } from '../../server/src/selfplay/presets/named-preset.ts';
import type { Preset } from '../../server/src/selfplay/presets/preset.ts';
import { chooseForm, proposeFitting } from '../../server/src/selfplay/propose.ts';
import { shareText } from '../../server/src/selfplay/share-text.ts';
import { drawPairs } from '../../server/src/tasks/induction/pairs.ts';
import { eventId } from '../../server/src/tasks/record-id.ts';
import { defaultStyles, type Styles } from '../../server/src/tasks/styles/style.ts';
import type { BenchParts } from './prepared-store.ts';

/** A way of asking for proposals. */
interface Way {
  readonly name: string;
  readonly preset: Preset;
  readonly styles: Styles;
}

const ours: Way = { name: 'autodidact', preset: namedPreset('autodidact'), styles: defaultStyles };

/** The paper asks a chat model in words, without worked examples. */
const absoluteZero: Way = {
  name: 'absolute-zero in a chat',
  preset: namedPreset('absolute-zero'),
  styles: () => ({ frame: 'chat', reasons: false, examples: 0 }),
};

const kinds: readonly Kind[] = ['deduction', 'abduction', 'induction'];

/** Programs that are looked at for a message: not all have pairs worth describing. */
const triedPrograms = 6;

/** Draws at least `count` proposals each way, and prints how many are valid, new and not trivial, and the ratio with its 95 % interval over groups. */
export async function measureProposals(count: number, parts: BenchParts, signal: AbortSignal): Promise<void> {
  const model = await parts.endpoint.model(parts.model, signal);
  if (model === undefined) throw new Error(`There is no model ${parts.model}.`);
  const [mine, theirs] = [
    await proposalsOf(ours, count, model, parts, signal),
    await proposalsOf(absoluteZero, count, model, parts, signal),
  ];
  const rates = [mine, theirs].map((groups) => resample(groups, 1).map(([valid = 0, of = 0]) => valid / of));
  const [drawnMine = [], drawnTheirs = []] = rates;
  const ratios = drawnMine.map((rate, index) => rate / (drawnTheirs[index] ?? Number.NaN));
  // None in a draw of theirs is any ratio at all: it counts as the highest.
  const sorted = percentileInterval(
    ratios.map((ratio) => (Number.isFinite(ratio) ? ratio : Number.MAX_VALUE)),
  );
  const least = sorted === undefined ? 'unknown' : sorted.low.toFixed(1);
  const most = sorted === undefined || sorted.high > 1e6 ? 'any' : sorted.high.toFixed(1);
  console.log(
    `  ÷ absolute-zero in a chat        ${(rateOf(mine) / rateOf(theirs)).toFixed(1)} (${least}–${most})`,
  );
}

/** By group: valid proposals, and all. */
async function proposalsOf(
  { name, preset, styles }: Way,
  count: number,
  model: ModelInfo,
  { endpoint, sandbox, store: open }: BenchParts,
  signal: AbortSignal,
): Promise<Sums[]> {
  const store = await open(name);
  const divided = await divideTasks(await store.tasks({ state: 'open' }), signal);
  await store.close();
  const tasks = [...divided.tasks];
  const archive = new Archive(tasks);
  const by = choices(1);
  const forms = FormRecord.read(undefined, model.digest);
  const now = () => new Date().toISOString();
  const origin = {
    schema: 1,
    runId: eventId(),
    preset: preset.name,
    estimator: preset.estimator,
    model: { name: model.name, digest: model.digest },
    backend: sandbox.backend,
  } as const;
  const counts: Sums[] = [];
  const cells = new Map<string, { valid: number; of: number }>();
  const why = new Map<string, number>();
  let asked = 0;
  /** Kinds in a row for which there is nothing to propose from. */
  let nothing = 0;
  for (let turn = 0; asked < count; turn += 1) {
    const kind = kinds[turn % kinds.length] ?? 'deduction';
    const chosen = await chooseWith(kind, preset, preset.curriculum ? forms : undefined);
    nothing = chosen === undefined ? nothing + 1 : 0;
    if (nothing === kinds.length) break;
    if (chosen === undefined) continue;
    const isKnown = (id: string) => Promise.resolve(tasks.some((task) => task.id === id));
    const trivial = trivialContext(tasks);
    const context = { archive, heldOut: divided.heldOut, trivial, sandbox, isKnown, now };
    const proposing = { ...context, endpoint, choices: by, preset, styles };
    const proposed = await proposeFitting(kind, chosen, origin, proposing, signal);
    for (const task of proposed.tasks) {
      archive.add(task);
      tasks.push(task);
    }
    const group = proposed.settle(new Map());
    const { valid, asked: of, tokens } = yieldOf(group);
    forms.add(kind, group.form, { valid, asked: of, tokens });
    asked += of;
    counts.push([valid, of]);
    const cell = cells.get(`${kind} ${group.form}`) ?? { valid: 0, of: 0 };
    cells.set(`${kind} ${group.form}`, { valid: cell.valid + valid, of: cell.of + of });
    for (const { verdict } of group.samples) {
      const reason = 'reason' in verdict ? `${verdict.verdict} ${verdict.reason}` : verdict.verdict;
      why.set(reason, (why.get(reason) ?? 0) + 1);
    }
  }
  const all = share(
    counts.reduce((sum, [valid = 0]) => sum + valid, 0),
    asked,
  );
  console.log(`${name}: valid, new, not trivial ${shareText(all)}`);
  for (const [cell, { valid, of }] of [...cells].sort())
    console.log(`  ${cell}: ${shareText(share(valid, of))}`);
  const reasons = [...why].sort(([, a], [, b]) => b - a).map(([reason, times]) => `${reason} ${times}`);
  console.log(`  ${reasons.join(', ')}`);
  return counts;

  async function chooseWith(kind: Kind, preset: Preset, record: FormRecord | undefined) {
    for (let tried = 0; tried < triedPrograms; tried += 1) {
      const more = record === undefined ? {} : { record };
      const chosen = chooseForm(kind, archive.references(), { preset, choices: by, ...more });
      const [reference] = chosen?.references ?? [];
      if (chosen?.form.name !== 'message' || reference === undefined) return chosen;
      if (typeof (await drawPairs(reference, sandbox, signal)) !== 'string') return chosen;
    }
    return undefined;
  }
}

function rateOf(groups: readonly Sums[]): number {
  const sum = (index: number) => groups.reduce((total, group) => total + (group[index] ?? 0), 0);
  return sum(0) / sum(1);
}

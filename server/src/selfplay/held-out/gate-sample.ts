import type { Task } from '../../../../protocol/task.ts';
import { asItems } from '../../evaluation/held-out-items.ts';
import type { EvaluationItem } from '../../evaluation/item.ts';
import { choices } from '../choices.ts';

/** Tasks of a sample: fewer than `least` tell nothing, more than `most` take longer than a run has. */
export const sampleSize = { least: 8, most: 24 } as const;

/**
 * The held-out tasks that a run is measured on, of those of the gate and never of the test split: kinds take turns, and so that as many
 * functions as can be are among them. The same random seed draws the same ones, in the order in which they are asked: so a part of them
 * is stratified, too. Fewer than `least` where there are no more.
 */
export function gateSample(open: readonly Task[], randomSeed: number): readonly EvaluationItem[] {
  const gate = open.filter(({ split }) => split === 'gate').toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const drawn = choices(randomSeed).some(asItems(gate), gate.length);
  return inTurns(drawn, ({ task }) => task.kind, inTurnsOfUnits).slice(0, sampleSize.most);
}

function inTurnsOfUnits(items: readonly EvaluationItem[]): readonly EvaluationItem[] {
  return inTurns(items, ({ task }) => task.unit.unitHash);
}

/** One item of each group after the other, then the second of each; groups in the order in which they come. */
function inTurns<T>(
  items: readonly T[],
  groupOf: (item: T) => string,
  within: (group: readonly T[]) => readonly T[] = (group) => group,
): readonly T[] {
  const groups = [...Map.groupBy(items, groupOf).values()].map(within);
  const longest = Math.max(0, ...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, turn) => groups.flatMap((group) => group[turn] ?? [])).flat();
}

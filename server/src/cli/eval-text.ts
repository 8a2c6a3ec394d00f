import Table from 'cli-table3';
import pc from 'picocolors';
import type {
  ComparisonFigures,
  Estimate,
  Evaluation,
  EvaluationFigures,
} from '../../../protocol/evaluation.ts';
import { counted } from './counted.ts';

/** An evaluation as a person reads it at a terminal. */
export function evaluationText(evaluation: Evaluation): string {
  const { models, comparison, k } = evaluation;
  return [
    heading(evaluation),
    ...models.map(({ name, digest, figures }) => modelText(name, digest, figures, k)),
    ...(comparison.length === 0 ? [] : [comparisonText(evaluation)]),
    legend(k),
    ...leftOutText(evaluation),
  ].join('\n\n');
}

function heading({
  on,
  source,
  partial,
  planned,
  models,
  tasks,
  backend,
  k,
  randomSeed,
}: Evaluation): string {
  const what = on === 'file' ? source : `the ${on} split of ${source}`;
  const done = `${tasks.length} of ${planned * models.length}`;
  const lines = [
    pc.bold(`Evaluated on ${what}`),
    `${counted(planned, 'task')}, one greedy answer${k === 0 ? '' : ` and ${counted(k, 'sample')} at temperature 1`} each, random seed ${randomSeed}.`,
    `Programs ran in ${backend.name} ${backend.version}, Python ${backend.python}.`,
  ];
  if (partial)
    lines.splice(1, 0, pc.bold(`Partial: stopped after ${done} tasks, which are a random part of all.`));
  return lines.join('\n');
}

function modelText(name: string, digest: string, figures: readonly EvaluationFigures[], k: number): string {
  const title = `${pc.bold(name)} ${pc.dim(digest.slice(0, 12))}`;
  if (figures.length === 0) return `${title}\nNothing of it was asked.`;
  const sampled = k === 0 ? [] : [`mean@${k}`, '= parses', '× right', `pass@${k}`];
  const rows = new Table({
    head: ['tasks', 'of', 'units', 'greedy', '= parses', '× right', ...sampled, 'trivial'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array.from({ length: 6 + sampled.length }, () => 'right' as const)],
  });
  for (const each of figures.filter(isToldApart)) {
    rows.push([
      partName(each),
      each.tasks,
      each.units,
      withInterval(each.greedy.right),
      percent(each.greedy.parses),
      percent(each.greedy.rightGivenParses),
      ...(each.sampled === null
        ? []
        : [
            withInterval(each.sampled.right),
            percent(each.sampled.parses),
            percent(each.sampled.rightGivenParses),
            withInterval(each.passAtK.at(-1) ?? null),
          ]),
      each.part === 'hard' ? '–' : percent(each.trivial),
    ]);
  }
  const [all] = figures;
  const passes = (all?.passAtK ?? []).map((estimate, index) => `${index + 1}: ${percent(estimate)}`);
  return [
    title,
    rows.toString(),
    ...(passes.length === 0 ? [] : [`pass@k of all   ${passes.join('   ')}`]),
  ].join('\n');
}

function comparisonText({ comparison, models, k }: Evaluation): string {
  const [first, second] = models;
  const sampled = k === 0 ? [] : [`mean@${k}`, 'p'];
  const rows = new Table({
    head: ['tasks', 'of', 'greedy', 'only first', 'only second', 'p', ...sampled],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array.from({ length: 5 + sampled.length }, () => 'right' as const)],
  });
  for (const each of comparison.filter(isToldApart)) {
    rows.push([
      partName(each),
      each.tasks,
      difference(each.greedy.difference),
      each.greedy.onlyFirst,
      each.greedy.onlySecond,
      pValue(each.greedy.p),
      ...(each.sampled === null ? [] : [difference(each.sampled.difference), pValue(each.sampled.p)]),
    ]);
  }
  return `${pc.bold(`${second?.name} less ${first?.name}, on the same tasks`)}\n${rows.toString()}\nGreedy: McNemar’s exact test. Mean: paired bootstrap. No p is corrected for the number of rows.`;
}

function legend(k: number): string {
  const sampled =
    k === 0 ? '' : `; mean@${k}: of the samples; pass@${k}: of tasks, that one of ${k} is right`;
  return `greedy: right at temperature 0, with its 95 % interval (bootstrap over units)${sampled}.\nparses × right: how often an answer can be read, and is right if so. trivial: what cheap tricks get; hard part: the rest.`;
}

function leftOutText({ leftOut, faults }: Evaluation): string[] {
  const reasons = new Map<string, number>();
  for (const { reason, model } of leftOut) {
    const name = model === null ? reason : `${reason} (${model})`;
    reasons.set(name, (reasons.get(name) ?? 0) + 1);
  }
  const listed = [...reasons].map(([reason, count]) => `${reason} ${count}`);
  const lines = faults.count === 0 ? [] : [`${counted(faults.count, 'line')} of the file gave no task.`];
  if (listed.length > 0) lines.unshift(`In no figure: ${listed.join(', ')}.`);
  return lines.length === 0 ? [] : [lines.join('\n')];
}

/** A hard part that is all there is says nothing of its own; it stands behind the whole that it is of. */
function isToldApart(
  { part, tasks }: EvaluationFigures | ComparisonFigures,
  index: number,
  all: readonly (EvaluationFigures | ComparisonFigures)[],
): boolean {
  return part === 'all' || tasks !== all[index - 1]?.tasks;
}

function partName({ part, kind, repository }: EvaluationFigures | ComparisonFigures): string {
  const name = kind ?? repository ?? 'all';
  return part === 'all' ? name : `${name}, hard part`;
}

function withInterval(estimate: Estimate | null): string {
  if (estimate === null) return '–';
  return `${percent(estimate)} (${(100 * estimate.low).toFixed(0)}–${(100 * estimate.high).toFixed(0)})`;
}

function percent(estimate: Estimate | null): string {
  return estimate === null ? '–' : `${(100 * estimate.value).toFixed(1)} %`;
}

function difference(estimate: Estimate | null): string {
  if (estimate === null) return '–';
  const signed = (share: number, digits: number) =>
    `${share < 0 ? '−' : '+'}${Math.abs(100 * share).toFixed(digits)}`;
  return `${signed(estimate.value, 1)} (${signed(estimate.low, 0)} … ${signed(estimate.high, 0)})`;
}

function pValue(p: number): string {
  return p < 0.001 ? '< 0.001' : p.toFixed(3);
}

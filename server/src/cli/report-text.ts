import Table from 'cli-table3';
import pc from 'picocolors';
import type { CellReport, Report } from '../../../protocol/report.ts';
import type { Pair } from '../../../protocol/task.ts';
import { visibleLine, visibleText } from '../engine/visible-text.ts';
import { share } from '../selfplay/interval.ts';
import { shareText } from '../selfplay/share-text.ts';
import { counted } from './counted.ts';

/** The report as a person reads it at a terminal. */
export function reportText(report: Report): string {
  return [
    heading(report),
    table(report.cells),
    'well-formed and success: share with its 95 % interval; hard: right on tasks that no trivial solver gets.',
    heldOutText(report.heldOut),
    reasonLines(report.cells),
    ...toolLines(report.cells),
    ...(report.pseudoLabels.length === 0 ? [] : [pseudoText(report.pseudoLabels)]),
    ...report.examples.map(exampleText),
  ].join('\n\n');
}

function heading(report: Report): string {
  const { folder, model, backend, playedMs, modelBusy, seeds, tasks, unworthy, store } = report;
  const { runId, startedAt, state, reason } = report;
  const minutes = (playedMs / 60_000).toFixed(1);
  return [
    pc.bold(`Played ${visibleText(folder)} with ${visibleText(model.name)} for ${minutes} min`),
    `${seeds} verified seeds, ${tasks} tasks; the model was busy ${percent(modelBusy)} of the time.`,
    ...(Object.keys(unworthy).length === 0 ? [] : [`Not worth solving: ${countsText(unworthy)}.`]),
    `Programs ran in ${backend.name} ${backend.version}, Python ${backend.python}.`,
    `Run ${runId} of ${startedAt}: ${state}${reason === null ? '' : ` (${reason})`}`,
    `Records: ${store}`,
  ].join('\n');
}

function table(cells: readonly CellReport[]): string {
  const rows = new Table({
    head: [
      'cell',
      'asked',
      'well-formed',
      'success',
      'hard',
      'solve rate',
      'learnability',
      'reward',
      'in',
      'out',
      'tok/s',
    ],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array.from({ length: 10 }, () => 'right' as const)],
  });
  for (const cell of cells) {
    rows.push([
      `${cell.kind} ${cell.role}`,
      cell.asked,
      shareText(cell.wellFormed),
      shareText(cell.succeeded),
      cell.succeededHard === null ? '–' : shareText(cell.succeededHard),
      number(cell.solveRate),
      number(cell.learnability),
      number(cell.meanReward),
      cell.tokensIn,
      cell.tokensOut,
      cell.tokensPerSecond === null ? '–' : cell.tokensPerSecond.toFixed(0),
    ]);
  }
  return rows.toString();
}

/** How the sample of held-out tasks did the first time and the last. */
function heldOutText(times: Report['heldOut']): string {
  const [first, ...others] = times;
  // The last time that came to its end: one that goes on tells of the tasks that were asked first only.
  const last = others.findLast(({ isWhole }) => isWhole);
  const told = (time: Report['heldOut'][number]) =>
    `${shareText(time.right)} right${time.isWhole ? '' : ' so far'}`;
  if (first === undefined) return 'held out (gate): not asked.';
  if (last === undefined) return `held out (gate): ${told(first)}.`;
  return `held out (gate): ${told(first)} at the start → ${told(last)} now, asked ${counted(times.length, 'time')}.`;
}

function reasonLines(cells: readonly CellReport[]): string {
  const lines = cells.map(({ kind, role, reasons }) => {
    return `  ${`${kind} ${role}`.padEnd(18)} ${countsText(reasons) || '–'}`;
  });
  return [pc.bold('Why not'), ...lines].join('\n');
}

/** Apart from the table, and told as what it is: nothing of it was executed. */
function pseudoText(versions: Report['pseudoLabels']): string {
  const lines = versions.map(({ model, asked, labelled, noLabel, accuracy, isStopped }) => {
    const name = `${visibleText(model.name)} ${model.digest.slice(0, 12)}`;
    const why = countsText(noLabel);
    const others = why === '' ? '' : ` (others: ${why})`;
    const stopped = isStopped ? '; too few, so no more are asked for' : '';
    return `  ${name}: ${labelled} of ${asked} calls got a label${others}; labels right on verified tasks: ${shareText(accuracy)}${stopped}`;
  });
  return [pc.bold('Pseudo-labels: what most answers say, never executed'), ...lines].join('\n');
}

/** How often cells used Python on their way to an answer, where one could. */
function toolLines(cells: readonly CellReport[]): string[] {
  const lines = cells.flatMap(({ kind, role, tool }) => {
    if (tool === null) return [];
    const each = (tool.calls / tool.used.of).toFixed(1);
    return `  ${`${kind} ${role}`.padEnd(18)} ${each} an attempt; in ${shareText(tool.used)} of them`;
  });
  return lines.length === 0 ? [] : [[pc.bold('Python was run'), ...lines].join('\n')];
}

/** `argument 3, none 1`; empty where nothing was counted. */
function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
}

function exampleText({ task, attempts, right, got }: Report['examples'][number]): string {
  const where = visibleLine(`${task.unit.file}:${task.unit.line} ${task.unit.symbol}`, 200);
  const title = pc.bold(`${task.kind} · ${where} · the model was right ${shareText(share(right, attempts))}`);
  const program = indent(visibleText(task.program.trimEnd()));
  const answers = got.length === 0 ? 'nothing well-formed' : got.map((answer) => oneLine(answer)).join(' · ');
  const callOf = (call: string) => visibleText(`${task.entry}${callText(call)}`);
  const shownPairs = (pairs: readonly Pair[]) =>
    pairs.map(([call, output]) => `  ${callOf(call)} → ${visibleText(output)}`);
  const said = `The model said: ${answers}`;
  switch (task.kind) {
    case 'deduction': {
      const gold = pc.dim(`It returns ${visibleText(task.output)}`);
      return [title, program, `What does ${callOf(task.call)} return?  ${gold}`, said].join('\n');
    }
    case 'abduction': {
      const known = pc.dim(`For example ${callOf(task.call)}`);
      return [title, program, `Which call returns ${visibleText(task.output)}?  ${known}`, said].join('\n');
    }
    case 'induction':
      return [
        title,
        visibleText(`Write ${task.entry}: “${task.message}”`),
        ...shownPairs(task.shown),
        `The model wrote: ${answers}`,
        'The original:',
        program,
      ].join('\n');
    case 'explain':
      return [title, program, ...shownPairs(task.shown), `What does ${task.entry} do?`, said].join('\n');
  }
}

function callText(call: string): string {
  return call.replace(/,\)$/, ')');
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}

function oneLine(text: string): string {
  return visibleLine(text.replaceAll(/\s+/g, ' '), 100);
}

function percent(share: number): string {
  return `${Math.round(100 * share)} %`;
}

function number(value: number | null): string {
  return value === null ? '–' : value.toFixed(2);
}

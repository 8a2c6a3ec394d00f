import Table from 'cli-table3';
import pc from 'picocolors';
import type { CellReport, Report } from '../../../protocol/report.ts';
import { visibleLine, visibleText } from '../engine/visible-text.ts';
import { share } from '../selfplay/interval.ts';
import { shareText } from '../selfplay/share-text.ts';

/** The report as a person reads it at a terminal. */
export function reportText(report: Report): string {
  return [
    heading(report),
    table(report.cells),
    'well-formed and success: share with its 95 % interval; hard: right on tasks that no trivial solver gets.',
    reasonLines(report.cells),
    ...report.examples.map(exampleText),
  ].join('\n\n');
}

function heading({ folder, model, backend, playedMs, modelBusy, seeds, tasks, store }: Report): string {
  const minutes = (playedMs / 60_000).toFixed(1);
  return [
    pc.bold(`Played ${visibleText(folder)} with ${visibleText(model.name)} for ${minutes} min`),
    `${seeds} verified seeds, ${tasks} tasks; the model was busy ${percent(modelBusy)} of the time.`,
    `Programs ran in ${backend.name} ${backend.version}, Python ${backend.python}.`,
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

function reasonLines(cells: readonly CellReport[]): string {
  const lines = cells.map(({ kind, role, reasons }) => {
    const listed = Object.entries(reasons).map(([reason, count]) => `${reason} ${count}`);
    return `  ${`${kind} ${role}`.padEnd(18)} ${listed.length === 0 ? '–' : listed.join(', ')}`;
  });
  return [pc.bold('Why not'), ...lines].join('\n');
}

function exampleText({ task, attempts, right, got }: Report['examples'][number]): string {
  const where = visibleLine(`${task.unit.file}:${task.unit.line} ${task.unit.symbol}`, 200);
  const title = pc.bold(`${task.kind} · ${where} · the model was right ${shareText(share(right, attempts))}`);
  const program = indent(visibleText(task.program.trimEnd()));
  const answers = got.length === 0 ? 'nothing well-formed' : got.map((answer) => oneLine(answer)).join(' · ');
  if (task.kind === 'induction') {
    const shown = task.shown.map(
      ([call, output]) => `  ${visibleText(`${task.entry}${callText(call)} → ${output}`)}`,
    );
    return [
      title,
      visibleText(`Write ${task.entry}: “${task.message}”`),
      ...shown,
      `The model wrote: ${answers}`,
      'The original:',
      program,
    ].join('\n');
  }
  const call = visibleText(`${task.entry}${callText(task.call)}`);
  const output = visibleText(task.output);
  const question =
    task.kind === 'deduction'
      ? `What does ${call} return?  ${pc.dim(`It returns ${output}`)}`
      : `Which call returns ${output}?  ${pc.dim(`For example ${call}`)}`;
  return [title, program, question, `The model said: ${answers}`].join('\n');
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

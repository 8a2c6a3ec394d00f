import Table from 'cli-table3';
import pc from 'picocolors';
import { cellName } from '../../../protocol/kind.ts';
import type { Report, Span } from '../../../protocol/report.ts';
import { visibleLine } from '../engine/visible-text.ts';
import { shareText } from '../selfplay/share-text.ts';

/** A run in equal spans as a person reads it: each cell that was played over time, then what else happened in each span. */
export function overTimeText({ spans, cells }: Report): string {
  const rows = new Table({
    head: ['cell', 'minutes', 'asked', 'well-formed', 'success'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'right', 'right', 'right', 'right'],
  });
  for (const cell of cells.filter(({ asked }) => asked > 0).map(cellName)) {
    for (const [index, span] of spans.entries()) {
      const its = span.cells.find((each) => cellName(each) === cell);
      if (its === undefined) continue;
      const shares = [shareText(its.wellFormed), shareText(its.succeeded)];
      rows.push([index === 0 ? cell.replace('/', ' ') : '', minutes(span), its.asked, ...shares]);
    }
  }
  const besides = new Table({
    head: ['minutes', 'held out, right', 'canaries', 'solved', 'findings'],
    style: { head: [], border: [], compact: true },
    colAligns: ['right', 'right', 'right', 'right', 'right'],
  });
  for (const span of spans) {
    const { canaries, heldOut, findings } = span;
    besides.push([minutes(span), shareText(heldOut), canaries.played, canaries.solved, findings.length]);
  }
  const found = spans.flatMap(findingLines);
  return [
    pc.bold('Over time'),
    rows.toString(),
    besides.toString(),
    found.length === 0 ? 'Monitors found nothing.' : found.join('\n'),
  ].join('\n\n');
}

function minutes({ fromMs, toMs }: Span): string {
  return `${(fromMs / 60_000).toFixed(1)}–${(toMs / 60_000).toFixed(1)}`;
}

/** A line for each monitor and kind, with the last of what it said in the span. */
function findingLines(span: Span): string[] {
  const alike = Map.groupBy(
    span.findings,
    ({ monitor, kind }) => `${monitor}${kind === null ? '' : ` (${kind})`}`,
  );
  return [...alike].map(([name, its]) => {
    const last = its.at(-1);
    const times = its.length === 1 ? '' : ` ${its.length} times, the last:`;
    return visibleLine(`minutes ${minutes(span)}  ${name}:${times} ${last?.action}. ${last?.detail}`, 300);
  });
}

import Table from 'cli-table3';
import pc from 'picocolors';
import type { Calibration, CellCalibration, StyleMeasured } from '../../../protocol/calibration.ts';
import { visibleText } from '../engine/visible-text.ts';
import { shareText } from '../selfplay/share-text.ts';
import { defaultStyle, styleName } from '../tasks/styles/style.ts';
import { counted } from './counted.ts';

/** What calibration found, as a person reads it at a terminal. */
export function calibrationText(found: Calibration): string {
  return [heading(found), ...found.cells.map((cell) => cellText(cell)), legend(found)].join('\n\n');
}

function heading({ model, ended, samples, backend, hasTemplate }: Calibration): string {
  const ends = {
    done: `Every style that stayed to the end was put ${counted(samples, 'question')} of each cell.`,
    minutes: 'The time was over before all rounds were asked; run it again to go on.',
    stopped: 'Stopped before anything was chosen; what was counted is kept. Run it again to go on.',
  } as const;
  return [
    pc.bold(`Calibrated ${visibleText(model.name)}`) + pc.dim(` ${model.digest.slice(0, 12)}`),
    ends[ended],
    ...(hasTemplate ? [] : ['The model has no chat template: it was asked in no chat.']),
    `Programs ran in ${backend.name} ${backend.version}, Python ${backend.python}.`,
  ].join('\n');
}

function cellText(cell: CellCalibration): string {
  const title = pc.bold(`${cell.kind} ${cell.role}`);
  const name = cell.chosen === null ? '' : styleName(cell.chosen);
  const isDefault = name === styleName(defaultStyle);
  const why = {
    measured: isDefault ? `stays with ${name}` : `takes ${name}`,
    'nothing-right': `nothing was right in any style: stays with ${styleName(defaultStyle)}`,
    'no-tasks': 'nothing to measure on: play the folder first',
    'not-asked': 'not asked yet; what was chosen before stays',
    'too-few': 'too few questions were put to choose; what was chosen before stays',
    stopped: 'nothing chosen yet',
  } as const;
  const heading = `${title}: ${why[cell.why]}`;
  const asked = cell.styles.filter(({ asked, skipped, unjudged }) => asked + skipped + unjudged > 0);
  return asked.length === 0 ? heading : `${heading}\n${table(asked, name)}`;
}

function table(styles: readonly StyleMeasured[], chosen: string): string {
  const rows = new Table({
    head: ['style', 'asked', 'parsed', 'right', 'per 1,000 tokens', 'tokens/right', 'too long', 'round'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', ...Array.from({ length: 7 }, () => 'right' as const)],
  });
  // The best first, as far as it was asked.
  const best = [...styles].sort(
    (a, b) => (b.perThousandTokens?.low ?? 0) - (a.perThousandTokens?.low ?? 0) || b.right - a.right,
  );
  for (const each of best) {
    const { name, trainable, asked, parsed, succeeded, perThousandTokens: per, tokensPerSuccess } = each;
    rows.push([
      `${name === chosen ? '→ ' : '  '}${name}${trainable ? '' : ' *'}`,
      asked,
      parsed,
      shareText(succeeded),
      per === null ? '–' : `${per.value.toFixed(2)} (${per.low.toFixed(2)}–${per.high.toFixed(2)})`,
      tokensPerSuccess === null ? '–' : Math.round(tokensPerSuccess),
      each.skipped,
      each.droppedAfter ?? 'end',
    ]);
  }
  return rows.toString();
}

function legend({ cells }: Calibration): string {
  const lines = [
    'right: attempts that were right, proposals that were valid and new, with the 95 % interval; tokens are those of prompts and answers.',
    'Chosen by the lower end per 1,000 tokens, of equals the simpler. round: after which the style was asked no more.',
  ];
  if (cells.some(({ styles }) => styles.some(({ trainable }) => !trainable)))
    lines.push('* not trainable: measured, never chosen.');
  return lines.join('\n');
}

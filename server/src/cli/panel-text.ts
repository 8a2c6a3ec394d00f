import Table from 'cli-table3';
import pc from 'picocolors';
import type { Panel } from '../../../protocol/panel.ts';
import { visibleLine, visibleText } from '../engine/visible-text.ts';
import { shareText } from '../selfplay/share-text.ts';
import { counted } from './counted.ts';

/** What a panel said, as a person reads it at a terminal. */
export function panelText(panel: Panel): string {
  return [heading(panel), members(panel), agreements(panel), pairLines(panel)].join('\n\n');
}

function heading({ subject, pairs }: Panel): string {
  return [
    pc.bold(`${counted(pairs.length, 'pair')} of ${subject}, each asked in both orders`),
    'Opinions on wording and realism: nothing is kept, and nothing changes by them.',
  ].join('\n');
}

function members({ members }: Panel): string {
  const rows = new Table({
    head: ['model', 'family', 'readable', 'changed with the order', 'named the first'],
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', 'right', 'right', 'right'],
  });
  for (const { name, family, readable, flipped, first } of members) {
    rows.push([
      visibleText(name),
      visibleText(family),
      shareText(readable),
      shareText(flipped),
      shareText(first),
    ]);
  }
  return `${rows.toString()}\nWhat changed with the order counts for nothing. Named the first: about half, without a bias for the place.`;
}

function agreements({ agreements, correlation, effectiveVotes, members }: Panel): string {
  const lines = agreements.map(
    ({ models, agreed, kappa }) =>
      `  ${models.map(visibleText).join(' and ')}: agree on ${shareText(agreed)}, Cohen’s κ ${numberText(kappa)}`,
  );
  const worth =
    effectiveVotes === null
      ? 'Too few votes in common to say how many independent ones they are worth.'
      : `${members.length} models are worth ${effectiveVotes.toFixed(1)} independent votes (mean correlation ${numberText(correlation)}).`;
  return [pc.bold('Agreement'), ...lines, worth].join('\n');
}

function pairLines({ pairs, members, subject }: Panel): string {
  const lines = pairs.map(({ a, b, votes }) => {
    const count = (vote: 'a' | 'b') => votes.filter((its) => its === vote).length;
    const none = members.length - count('a') - count('b');
    const left = none === 0 ? '' : `, ${none} undecided`;
    const says = `  ${a.taskId} ${count('a')} : ${count('b')} ${b.taskId}${left}`;
    if (subject === 'programs') return says;
    return [says, ...[a, b].map(({ text }) => `    ${visibleLine(text, 76)}`)].join('\n');
  });
  return [pc.bold('Votes'), ...lines].join('\n');
}

function numberText(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(2);
}

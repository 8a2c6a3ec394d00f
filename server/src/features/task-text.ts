import type { Kind } from '../../../protocol/kind.ts';
import type { Pair, Task } from '../../../protocol/task.ts';
import type { ModelRecord } from '../../../protocol/tree.ts';
import { visibleLine, visibleText } from '../engine/visible-text.ts';
import { share } from '../selfplay/interval.ts';
import { knownRate } from '../selfplay/known-rate.ts';
import { solveRateText } from '../selfplay/share-text.ts';
import { argumentText } from '../tasks/session.ts';

const kindTitles = {
  deduction: 'Deduction: what does this call return?',
  abduction: 'Abduction: which arguments give this value?',
  induction: 'Induction: which function does this?',
  explain: 'Explain: what does this function do?',
} as const satisfies Readonly<Record<Kind, string>>;

const stateTexts = {
  open: 'open',
  stale: 'stale: the function changed since, or is gone',
  retired: 'retired',
} as const;

const originTexts = {
  mined: 'mined from the workspace',
  proposed: 'proposed by the model',
  reviewed: 'another task, changed in review',
} as const;

/**
 * A task as a person reads it: what is asked, of what, how the model does, and a place for the answer. The answer itself
 * is not in it. Code stands between fences longer than any run of backticks inside, so that no line of it can end them.
 */
export function taskText(task: Task, record: ModelRecord): string {
  const sections = [
    kindTitles[task.kind],
    header(task, record),
    ...(task.kind === 'induction' ? [] : [section('Program', fenced(task.program.trimEnd()))]),
    section('Question', question(task)),
    section('Answer', fenced('', task.kind === 'explain' ? 'text' : 'python')),
  ];
  return `${sections.join('\n\n')}\n`;
}

function header({ unit, origin, backend, state, split }: Task, { right, attempts }: ModelRecord): string {
  const rate = share(right, attempts);
  const commit = unit.commit === null ? '' : ` at ${unit.commit.slice(0, 10)}`;
  const fields = [
    ['function', unit.symbol],
    ['from', `${unit.file}:${unit.line}${commit}`],
    ['origin', originTexts[origin]],
    ['checked', `${backend.name} ${backend.version}, Python ${backend.python}`],
    ['state', stateTexts[state]],
    ['model', attempts === 0 ? 'not asked yet' : `right ${solveRateText(rate, knownRate(rate))}`],
    ...(split === 'train' ? [] : [['split', `held out (${split}): nothing is learnt from it`] as const]),
  ] as const;
  return fields.map(([name, value]) => `${name.padEnd(9)} ${visibleLine(value, 300)}`).join('\n');
}

function question(task: Task): string {
  const call = (args: string) => `${task.entry}(${args})`;
  const shown = (pairs: readonly Pair[]) =>
    fenced(pairs.map(([args, output]) => `${call(argumentText(args))} == ${output}`).join('\n'));
  switch (task.kind) {
    case 'deduction':
      return `What does this call return?\n${fenced(call(argumentText(task.call)))}`;
    case 'abduction':
      return `Which arguments make ${visibleLine(call('…'), 200)} return this value?\n${fenced(task.output)}`;
    case 'induction': {
      const wanted = `Write ${visibleLine(task.entry, 200)} as this says:\n${fenced(task.message, 'text')}`;
      return `${wanted}\nThese hold for it, and others like them:\n${shown(task.shown)}`;
    }
    case 'explain':
      return `Say in one sentence what ${visibleLine(task.entry, 200)} does, so that somebody who does not see it can write it from your words and these calls. No code, no other call and no other output in it.\n${shown(task.shown)}`;
  }
}

function section(title: string, text: string): string {
  return `## ${title}\n${text}`;
}

function fenced(code: string, language = 'python'): string {
  const runs = code.match(/`+/g) ?? [];
  const fence = '`'.repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `${fence}${language}\n${visibleText(code)}\n${fence}`;
}

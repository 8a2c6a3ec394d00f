import type { Attempt, Group, Proposal, Reward } from '../../../protocol/group.ts';
import type { Review } from '../../../protocol/review.ts';
import type { Seed } from '../../../protocol/seed.ts';
import type { Task } from '../../../protocol/task.ts';
import type { Trace } from '../../../protocol/trace.ts';
import { solveRateText } from '../selfplay/share-text.ts';
import { argumentText } from '../tasks/session.ts';
import { counted } from './counted.ts';
import { eventText } from './event-text.ts';
import { verdictText } from './review-text.ts';
import { block, field, restOfLine } from './text-layout.ts';

/** A task's story as a person reads it on 80 columns. */
export function traceText(trace: Trace): string {
  const { task } = trace;
  const sections = [
    field(task.kind, `${task.id} · ${task.origin} · ${task.state} · ${splitText(task)}`),
    section('Source', sourceText(trace)),
    section(task.origin === 'mined' ? 'Seed' : 'Seeds of its function', seedsText(trace)),
    ...(task.variantOf === undefined ? [] : [section('Changed from', variantText(trace))]),
    ...(task.proposedBy === null ? [] : [section('Proposal', proposalText(trace))]),
    section('Task', taskText(task)),
    section('Attempts', attemptsText(trace)),
    section('Reviews', trace.reviews.length === 0 ? none('No person looked at it.') : reviewsText(trace)),
    section('Sent', sentText(trace)),
    section('Log', trace.log.length === 0 ? none('Nothing else.') : logText(trace)),
    'Whole records, tokens included: the same with --json.',
  ];
  return sections.join('\n\n');
}

function section(title: string, text: string): string {
  return `── ${title}\n${text}`;
}

function none(text: string): string {
  return block(text, 0);
}

function splitText({ split }: Task): string {
  return split === 'train' ? 'to learn from' : `held out (${split})`;
}

function sourceText({ task: { unit } }: Trace): string {
  const commit = unit.commit === null ? 'outside of a commit' : `commit ${unit.commit.slice(0, 12)}`;
  return [
    field('function', `${unit.file}:${unit.line} ${unit.symbol}, lines ${unit.line} to ${unit.endLine}`),
    field('in', unit.folder),
    field('as of', `${commit}, file ${unit.fileHash.slice(0, 12)}, function ${unit.unitHash.slice(0, 12)}`),
  ].join('\n');
}

function seedsText({ seeds }: Trace): string {
  if (seeds.length === 0) return none('No seed of it is kept: its function changed since, or is gone.');
  return seeds.map(seedText).join('\n');
}

function seedText({ id, entry, call, output, provenance, backend }: Seed): string {
  const { source, callFile, callLine, callModel } = provenance;
  const place = callFile === null ? '' : ` at ${callFile}:${callLine ?? '?'}`;
  const by = callModel === null ? '' : ` ${callModel.slice(0, 12)}`;
  return [
    field('seed', `${id}, call from ${source}${by}${place}`),
    block(`${entry}(${argumentText(call)})  →  ${output}`),
    field('executed', backendText(backend)),
  ].join('\n');
}

function variantText({ task, variantOf }: Trace): string {
  const id = task.variantOf ?? '';
  if (variantOf === null || !('call' in variantOf)) return field('task', id);
  return [field('task', id), block(`${variantOf.entry}(${argumentText(variantOf.call)})`)].join('\n');
}

function proposalText(trace: Trace): string {
  const { proposal, task } = trace;
  if (proposal === null) return none(`Its group ${task.proposedBy ?? ''} is not kept.`);
  const its = proposal.samples.filter(({ taskId }) => taskId === task.id);
  return [
    ...groupFields(proposal),
    'prompt',
    block(proposal.prompt),
    `${its.length} of ${counted(proposal.samples.length, 'proposal')} became this task; validation said:`,
    ...proposal.samples.map((sample) => proposalLine(sample, task.id)),
    ...its.flatMap((sample) => [`proposal ${sample.index}`, block(sample.text)]),
  ].join('\n');
}

function proposalLine(sample: Proposal, id: string): string {
  const mark = sample.taskId === id ? '→' : ' ';
  return field(
    ` ${mark} ${sample.index}`,
    `${verdictText(sample.verdict)}, reward ${rewardText(sample.reward)}`,
  );
}

function taskText(task: Task): string {
  const checked = [
    field('made', `${task.createdAt}, executed in ${backendText(task.backend)}`),
    field('trivial', task.trivial === null ? 'no trivial solver gets it' : `got by ${task.trivial}`),
  ];
  const pair = ([call, output]: readonly [string, string]) =>
    `${task.entry}(${argumentText(call)})  →  ${output}`;
  if (!('call' in task)) {
    return [
      ...checked,
      ...('message' in task ? [field('message', task.message)] : []),
      'shown',
      block(task.shown.map(pair).join('\n')),
      'hidden',
      block(task.hidden.map(pair).join('\n')),
      'program',
      block(task.program),
    ].join('\n');
  }
  const question =
    task.kind === 'deduction'
      ? `${task.entry}(${argumentText(task.call)})`
      : `${task.entry}(…)  →  ${task.output}`;
  const gold =
    task.kind === 'deduction' ? task.output : `for example ${task.entry}(${argumentText(task.call)})`;
  return [...checked, 'program', block(task.program), 'question', block(question), 'gold', block(gold)].join(
    '\n',
  );
}

function attemptsText({ groups, solved, known, answers }: Trace): string {
  const rate = field('solved', solveRateText(solved, known));
  if (groups.length === 0) return rate;
  const shown = groups.reduce((sum, { samples }) => sum + samples.length, 0);
  const all = answers.reduce((sum, { count }) => sum + count, 0);
  const left = all > shown ? [field('', `The newest ${shown} of ${all} attempts follow.`)] : [];
  const clusters = answers.map(
    ({ answer, verdict, count }) =>
      `${`  ${count} ×`.padEnd(10)}${restOfLine(`${verdict}  ${answer ?? '(nothing well-formed)'}`, 10)}`,
  );
  let before = '';
  const told = groups.map((group) => {
    const prompt = group.prompt === before ? ['prompt    as before'] : ['prompt', block(group.prompt)];
    before = group.prompt;
    return ['', ...groupFields(group), ...prompt, ...group.samples.map(attemptLine)].join('\n');
  });
  return [rate, 'answers   equal ones together', ...clusters, ...left, ...told].join('\n');
}

function groupFields(group: Group): string[] {
  const trained = group.notTrainable === null ? 'trainable' : `not trainable (${group.notTrainable})`;
  const { model, promptVersion, form, runId, createdAt } = group;
  return [
    field('group', `${group.id}, ${createdAt}`),
    field('run', runId),
    field(
      'model',
      `${model.name} ${model.digest.slice(0, 12)}, prompt ${promptVersion} (${form}), ${trained}`,
    ),
    field('judged in', backendText(group.backend)),
  ];
}

function attemptLine(sample: Attempt): string {
  const start = `  ${`${sample.index}`.padStart(2)}  ${sample.reward.total.toFixed(2)}  ${verdictText(sample.verdict).padEnd(20)} `;
  const line = `${start}${restOfLine(sample.answer ?? `(${sample.finish}) ${sample.text}`, start.length)}`;
  const ran = (sample.tool ?? []).map(({ code, outcome, text }) => {
    const what = `${code.trimEnd()}  →  ${text.slice(0, text.lastIndexOf('>>>')).trim() || outcome}`;
    return `${' '.repeat(start.length)}${restOfLine(`>>> ${what}`, start.length)}`;
  });
  return [line, ...ran].join('\n');
}

function rewardText({ total, parts }: Reward): string {
  const listed = Object.entries(parts).map(([name, value]) => `${name} ${Number(value.toFixed(3))}`);
  return `${total.toFixed(2)} (${listed.join(', ')})`;
}

function reviewsText({ reviews }: Trace): string {
  return reviews
    .map((review) =>
      field(review.decision, `${reviewDetail(review)}by ${review.reviewer}, ${review.createdAt}`),
    )
    .join('\n');
}

function reviewDetail(review: Review): string {
  switch (review.decision) {
    case 'accept':
      return '';
    case 'reject':
      return `${review.reason}, `;
    case 'edit':
      return review.variantId === null ? '' : `made ${review.variantId}, `;
    case 'undo':
      return `of ${review.undoes}, `;
    case 'attempt':
      return `${review.answer}: ${verdictText(review.verdict)}, `;
  }
}

function sentText({ sent, groups, proposal }: Trace): string {
  const all = groups.length + (proposal === null ? 0 : 1);
  const lines = sent.map(({ groupId, acknowledged, target, at }) =>
    field(
      acknowledged ? 'sent' : 'waits',
      acknowledged
        ? `${groupId} to ${target ?? 'a target that the log does not name'}, ${at ?? ''}`
        : groupId,
    ),
  );
  const kept = all - sent.length;
  if (kept > 0 || all === 0) lines.push(none(`${counted(kept, 'group')} of it stayed on this machine.`));
  return lines.join('\n');
}

function logText({ log }: Trace): string {
  return log.map(({ at, event }) => [at, block(eventText(event))].join('\n')).join('\n');
}

function backendText({ name, version, python }: Task['backend']): string {
  return `${name} ${version}, Python ${python}`;
}

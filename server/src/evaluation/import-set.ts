import { createHash } from 'node:crypto';
import path from 'node:path';
import type { Evaluation, LineFault } from '../../../protocol/evaluation.ts';
import type { Backend } from '../../../protocol/sandbox.ts';
import type { ExecutedTask } from '../../../protocol/task.ts';
import type { Source } from '../mining/files/read-source.ts';
import { abductionId, deductionId } from '../tasks/from-seeds.ts';
import { contentId } from '../tasks/record-id.ts';
import { type ImportedLine, importLine, type LineQuestion } from './import-line.ts';
import type { EvaluationItem } from './item.ts';

/** What is read of a file of tasks at most. */
export const importBounds = { fileBytes: 67_108_864, lines: 20_000, toldFaults: 20 } as const;

/** The tasks of a file, none of which was run yet, and what is wrong with its other lines. */
export interface ImportedSet {
  readonly items: readonly EvaluationItem[];
  readonly faults: Evaluation['faults'];
}

/**
 * Reads a file of one JSON object a line: CRUXEval's records, or ours. A line that holds no task costs itself only; an empty one
 * is passed over. `here` is the backend on which the tasks are checked next.
 */
export function importSet(file: string, { text, hash }: Source, here: Backend): ImportedSet {
  const items = new Map<string, EvaluationItem>();
  const first: LineFault[] = [];
  let count = 0;
  const fault = (line: number, detail: string) => {
    count += 1;
    if (first.length < importBounds.toldFaults) first.push({ line, detail });
  };
  const createdAt = new Date().toISOString();
  for (const [index, content] of text.split('\n').entries()) {
    const number = index + 1;
    if (content.trim() === '') continue;
    if (number > importBounds.lines) {
      fault(number, `it and what follows are not read: ${importBounds.lines} lines are`);
      break;
    }
    const read = importLine(content);
    if (!read.ok) {
      fault(number, read.detail);
      continue;
    }
    const { line } = read;
    for (const question of line.questions) {
      const task = taskOf(line, question, { file, fileHash: hash, number, here, createdAt });
      const before = items.get(task.id);
      if (before !== undefined) {
        fault(number, `its ${task.kind} task is that of line ${before.task.unit.line}`);
        continue;
      }
      const repository = line.repository ?? path.basename(file);
      items.set(task.id, { task, relation: line.relation, repository, from: 'file' });
    }
  }
  return { items: [...items.values()], faults: { count, first } };
}

interface Place {
  readonly file: string;
  readonly fileHash: string;
  readonly number: number;
  readonly here: Backend;
  readonly createdAt: string;
}

/** The task that a question makes. Its unit is its program: what is asked twice about one program counts as one unit. */
function taskOf({ id, program, entry }: ImportedLine, question: LineQuestion, place: Place): ExecutedTask {
  const base = {
    program,
    entry,
    unit: {
      folder: path.dirname(place.file),
      file: path.basename(place.file),
      symbol: id ?? entry,
      line: place.number,
      endLine: place.number,
      unitHash: createHash('sha256').update(program).digest('hex'),
      fileHash: place.fileHash,
      commit: null,
    },
    origin: 'mined',
    proposedBy: null,
    state: 'open',
    split: 'test',
    trivial: null,
    backend: place.here,
    createdAt: place.createdAt,
  } as const;
  switch (question.kind) {
    case 'deduction':
      // Where the line gives no output, what execution returns takes this place.
      return {
        ...base,
        ...question,
        id: deductionId(program, entry, question.call),
        output: question.output ?? '',
      };
    case 'abduction':
      return { ...base, ...question, id: abductionId(program, entry, question.output) };
    case 'induction': {
      const { kind, message, shown, hidden } = question;
      const taskId = contentId(kind, program, entry, message, shown, hidden);
      return { ...base, kind, id: taskId, message, shown: [...shown], hidden: [...hidden] };
    }
  }
}

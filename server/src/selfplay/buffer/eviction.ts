import type { Task } from '../../../../protocol/task.ts';
import type { Choices } from '../choices.ts';
import type { Standing } from '../curriculum/standing.ts';

/** Proposed tasks that are kept; above, so many go at once that a tenth is free. Mined ones are as many as the workspace has. */
export const buffered = { proposed: 4_096, kept: 0.9 } as const;

/** What eviction needs to know of a task. */
export interface EvictionParts {
  /** Whether it can be played still: its code is as it was. */
  readonly isOpen: (task: Task) => boolean;
  /** Whether a person said that it is good: then it stays. */
  readonly isAccepted: (task: Task) => boolean;
  readonly standing: (task: Task) => Standing;
  /** Tasks of one pattern are alike. */
  readonly pattern: (task: Task) => string;
  readonly choices: Choices;
}

/**
 * The tasks that are to go where there are too many proposed ones: first those that are stale, then those that are always solved, then
 * those that never are; then, one after another, one of the pattern that has most of them left, so that what is rare stays. Which one
 * of several that are alike is drawn: age decides nothing, for a buffer that keeps its oldest takes in nothing new (as Absolute Zero's
 * code does), and one that keeps its newest forgets what was hard.
 */
export function evicted(
  tasks: readonly Task[],
  parts: EvictionParts,
  limit: number = buffered.proposed,
): Task[] {
  const proposed = evictable(tasks, parts);
  if (proposed.length <= limit) return [];
  const excess = proposed.length - Math.floor(buffered.kept * limit);
  const order: Record<ReturnType<typeof rank>, Task[]> = {
    stale: [],
    solved: [],
    impossible: [],
    others: [],
  };
  for (const task of parts.choices.some(proposed, proposed.length)) order[rank(task, parts)].push(task);
  const first = [...order.stale, ...order.solved, ...order.impossible].slice(0, excess);
  return [...first, ...mostAlike(order.others, excess - first.length, parts.pattern)];
}

/** The tasks that count for the limit and may go. */
export function evictable(tasks: readonly Task[], { isAccepted }: Pick<EvictionParts, 'isAccepted'>): Task[] {
  return tasks.filter((task) => task.origin === 'proposed' && !isAccepted(task));
}

function rank(task: Task, { isOpen, standing }: EvictionParts): 'stale' | 'solved' | 'impossible' | 'others' {
  if (!isOpen(task)) return 'stale';
  const its = standing(task);
  if (its === 'solved') return 'solved';
  return its === 'parked' ? 'impossible' : 'others';
}

/** So many tasks that the most frequent patterns are left with as few as each other. */
function mostAlike(tasks: readonly Task[], count: number, pattern: (task: Task) => string): Task[] {
  if (count <= 0) return [];
  const groups = [...Map.groupBy(tasks, pattern).values()].sort((a, b) => b.length - a.length);
  const gone: Task[] = [];
  while (gone.length < count) {
    const most = groups[0]?.length ?? 0;
    for (const group of groups) {
      if (group.length < most || gone.length >= count) break;
      const task = group.pop();
      if (task !== undefined) gone.push(task);
    }
    if (most === 0) break;
    groups.sort((a, b) => b.length - a.length);
  }
  return gone;
}

import type { PanelSubject } from '../../../../protocol/panel.ts';
import type { Task } from '../../../../protocol/task.ts';
import { programKey } from '../../judge/trivial-context.ts';
import type { Choices } from '../../selfplay/choices.ts';

/** A text of a task that is compared. */
export interface Compared {
  readonly taskId: string;
  readonly text: string;
}

/** Two texts; of messages, both are about this program. */
export interface ComparedPair {
  readonly a: Compared;
  readonly b: Compared;
  readonly program: string | null;
}

/** Pairs of texts that the model wrote, at random, no text in two of them. Only of open tasks to learn from; `tasks` are all of a store. */
export function panelPairs(
  subject: PanelSubject,
  tasks: readonly Task[],
  count: number,
  choices: Choices,
): ComparedPair[] {
  const open = tasks.filter(({ state, split }) => state === 'open' && split === 'train');
  const mined = new Set(tasks.filter(({ origin }) => origin === 'mined').map(programKey));
  const groups = subject === 'programs' ? [programsOf(open, mined)] : messagesOf(open);
  const pairs = groups.flatMap(({ program, texts }) => {
    const mixed = choices.some(texts, texts.length);
    return Array.from({ length: Math.floor(mixed.length / 2) }, (_, n) =>
      mixed.slice(2 * n, 2 * n + 2),
    ).flatMap(([a, b]) => (a === undefined || b === undefined ? [] : [{ a, b, program }]));
  });
  return choices.some(pairs, count);
}

/** Programs that no mined task has: those the model wrote, each once. */
function programsOf(tasks: readonly Task[], mined: ReadonlySet<string>) {
  const texts = new Map<string, Compared>();
  for (const task of tasks) {
    const { id: taskId, program: text, kind, origin } = task;
    // What is described was not written by the model.
    if (kind === 'induction' || kind === 'explain') continue;
    if (origin === 'proposed' && !mined.has(programKey(task))) texts.set(text, { taskId, text });
  }
  return { program: null, texts: [...texts.values()] };
}

/** Messages by the program that they are about: of different ones, neither could be the clearer. */
function messagesOf(tasks: readonly Task[]) {
  const messages = tasks.flatMap((task) =>
    task.kind === 'induction' && task.origin === 'proposed'
      ? [{ key: programKey(task), program: task.program, taskId: task.id, text: task.message }]
      : [],
  );
  return [...Map.groupBy(messages, ({ key }) => key).values()].flatMap((its) => {
    const [first] = its;
    if (first === undefined) return [];
    const texts = new Map(its.map(({ taskId, text }) => [text, { taskId, text }]));
    return [{ program: first.program, texts: [...texts.values()] }];
  });
}

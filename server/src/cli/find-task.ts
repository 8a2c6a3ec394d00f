import type { Task } from '../../../protocol/task.ts';
import { visibleLine } from '../engine/visible-text.ts';
import type { Store } from '../store/store.ts';
import { type CliContext, CliError, typed } from './context.ts';

/** Tasks named where an id fits several. */
const mostNamed = 8;

/** The task whose id begins so. Rejects with `missing` where there is none, with `usage` where there are several: both say what to do. */
export async function findTask(
  id: string,
  store: Pick<Store, 'tasks'>,
  { env }: Pick<CliContext, 'env'>,
): Promise<Task> {
  const shown = visibleLine(id, 40);
  if (id === '') throw new CliError('usage', `Name a task. List them: ${typed('tasks', env)}`);
  const found = await store.tasks({ prefix: id, limit: mostNamed + 1 });
  const exact = found.find((task) => task.id === id);
  const [task, other] = found;
  if (task === undefined)
    throw new CliError('missing', `No task begins with ${shown}. List them: ${typed('tasks', env)}`);
  if (exact === undefined && other !== undefined) {
    const count = found.length > mostNamed ? `More than ${mostNamed}` : `${found.length}`;
    const named = found
      .slice(0, mostNamed)
      .map(({ id, kind, unit }) => `  ${id}  ${kind}  ${visibleLine(`${unit.file} ${unit.symbol}`, 50)}`);
    throw new CliError(
      'usage',
      [`${count} tasks begin with ${shown}. Give more letters:`, ...named].join('\n'),
    );
  }
  return exact ?? task;
}

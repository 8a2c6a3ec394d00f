import type { Report } from '../../../protocol/report.ts';
import type { Run } from '../../../protocol/run.ts';
import type { Store } from '../store/store.ts';
import { unworthyCounts } from '../tasks/worth.ts';
import { report } from './report.ts';
import { runLog } from './run-log.ts';

/**
 * The report of a run, as its store tells it now. Seeds, open tasks and what is not worth solving are counted as they stand; the rest is
 * of the run's own records, of tasks too that are not played any more. Rejects with `StoreError`.
 */
export async function storedReport(run: Run, store: Store): Promise<Report> {
  const groups = await store.groups({ runId: run.id });
  const solved = new Set(groups.flatMap((group) => (group.role === 'solve' ? group.taskId : [])));
  const tasks = await store.tasks({ ids: [...solved] });
  const { seeds, openTasks } = await store.counts();
  return report(
    run,
    { groups, tasks, log: await runLog(run.id, store) },
    {
      store: store.path,
      seeds,
      tasks: openTasks,
      unworthy: unworthyCounts(await store.tasks({ state: 'retired' })),
      pseudoLabels: await store.pseudoLabels(),
    },
  );
}

import type { Group, ProposeGroup, SolveGroup } from '../../../protocol/group.ts';
import type { Seed } from '../../../protocol/seed.ts';
import type { Task } from '../../../protocol/task.ts';
import type { Trace } from '../../../protocol/trace.ts';
import { shapeHash } from '../mining/program-shape.ts';
import { answerClusters, judged } from '../review/answer-clusters.ts';
import type { Store } from '../store/store.ts';
import { share } from './interval.ts';
import { knownRate } from './known-rate.ts';

/** What a story holds at most; all attempts are counted nevertheless. */
const most = { groups: 100, seeds: 20, lines: 500 } as const;

/** Reads one task's whole story from its store: source, seeds, proposal, attempts, reviews, deliveries. Rejects with `StoreError`. */
export async function traceTask(task: Task, store: Store): Promise<Trace> {
  const [variantOf] = task.variantOf === undefined ? [] : await store.tasks({ ids: [task.variantOf] });
  const [proposal] = task.proposedBy === null ? [] : await store.groups({ ids: [task.proposedBy] });
  const groups = (await store.groups({ taskId: task.id, newest: most.groups })).filter(isSolve);
  const answers = await store.answers([task.id]);
  const { right, of } = judged(answers);
  const solved = share(right, of);
  const all: Group[] = [...(proposal === undefined ? [] : [proposal]), ...groups];
  const runs = new Set(all.map(({ runId }) => runId));
  return {
    schema: 1,
    task,
    variantOf: variantOf ?? null,
    seeds: seedsOf(task, await store.seeds({ file: task.unit.file })),
    proposal: proposal !== undefined && isPropose(proposal) ? proposal : null,
    groups,
    runs: (await store.runs()).filter(({ id }) => runs.has(id)),
    solved,
    known: knownRate(solved),
    answers: answerClusters(task.kind, answers, (program) => shapeHash(program, task.entry)),
    reviews: await store.reviews(task.id),
    sent: await deliveries(
      all.map(({ id }) => id),
      store,
    ),
    log: await store.auditLog({ taskId: task.id, limit: most.lines }),
  };
}

function isSolve(group: Group): group is SolveGroup {
  return group.role === 'solve';
}

function isPropose(group: Group): group is ProposeGroup {
  return group.role === 'propose';
}

/** The seeds with the task's program and calls; without any, some of its function. `seeds` are those of its file. */
function seedsOf(task: Task, seeds: readonly Seed[]): Seed[] {
  const { unit, program, entry } = task;
  const calls = new Set('call' in task ? [task.call] : [...task.shown, ...task.hidden].map(([call]) => call));
  const own = seeds.filter(
    (seed) => seed.program === program && seed.entry === entry && calls.has(seed.call),
  );
  const ofUnit = seeds.filter(
    ({ provenance }) => provenance.folder === unit.folder && provenance.symbol === unit.symbol,
  );
  return (own.length > 0 ? own : ofUnit).slice(0, most.seeds);
}

async function deliveries(groupIds: readonly string[], store: Store): Promise<Trace['sent']> {
  const places = await store.outboxPlaces(groupIds);
  const lines = await store.auditLog({ groupIds, limit: most.lines });
  return places.map((place) => {
    const line = lines.find(
      ({ event }) => event.what === 'streamed' && event.detail.groups.includes(place.groupId),
    );
    const target = line?.event.what === 'streamed' ? line.event.detail.target : null;
    return { ...place, target, at: line?.at ?? null };
  });
}

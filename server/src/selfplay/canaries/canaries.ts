import type { SolveGroup } from '../../../../protocol/group.ts';
import type { Task } from '../../../../protocol/task.ts';
import { theJudges } from '../../judge/judges.ts';
import { ModelError } from '../../model/model-error.ts';
import { type Cheat, readCheats } from '../../redteam/corpora.ts';
import { share } from '../interval.ts';
import type { Finding } from '../monitors/finding.ts';
import type { GroupOrigin } from '../sample-record.ts';
import { EveryGroups } from '../scheduling/every-groups.ts';
import { type SolveParts, solveTask } from '../solve.ts';
import { canaryTask, randomBits } from './canary-task.ts';

/** Groups of a run before the first canary, and from one to the next: a thirtieth of the model's time. */
export const canaryGroups = { first: 8, between: 32 } as const;

/** Known cheats that are judged beside each canary, in turn. */
const cheatsAtOnce = 6;

export interface CanaryParts extends SolveParts {
  readonly randomBits?: typeof randomBits;
}

/**
 * Standing checks of the judge while a run goes on: tasks whose gold is 64 random bits, asked and judged as all others are, and
 * answers of the red team that are worth nothing. What is played here is in no rate and in no report and is never trained on: it
 * stands in the audit log alone (`canary`, `replayed`). One that counts as right ends the run.
 */
export class Canaries {
  readonly #cheats: () => readonly Cheat[];
  readonly #turns: EveryGroups;
  #replayed = 0;

  /** `groups`: how many the run had before. */
  constructor(groups: number, cheats: () => readonly Cheat[] = readCheats) {
    this.#cheats = cheats;
    this.#turns = new EveryGroups(canaryGroups, groups);
  }

  /** Whether it is time for one, after so many groups of the run. Never while one is being played. */
  isDue(groups: number): boolean {
    return this.#turns.isDue(groups);
  }

  /** Plays one and replays some cheats; resolves to what ends the run, if something does. Rejects as `solveTask` does. */
  async play(
    groups: number,
    tasks: readonly Task[],
    origin: GroupOrigin,
    parts: CanaryParts,
    signal: AbortSignal,
  ): Promise<Finding | undefined> {
    return this.#turns.during(
      groups,
      async () =>
        (await this.#replay(origin, parts, signal)) ?? (await playCanary(tasks, origin, parts, signal)),
    );
  }

  async #replay(
    { runId }: GroupOrigin,
    { judges = theJudges, sandbox, store }: CanaryParts,
    signal: AbortSignal,
  ): Promise<Finding | undefined> {
    const all = this.#cheats();
    const begin = this.#replayed;
    this.#replayed = (begin + cheatsAtOnce) % Math.max(1, all.length);
    const names: string[] = [];
    for (const { name, record } of [...all, ...all].slice(
      begin,
      begin + Math.min(cheatsAtOnce, all.length),
    )) {
      const { verdict } = await judges.record(record, sandbox, signal);
      names.push(name);
      if (verdict.verdict !== 'right') continue;
      await store.audit({ what: 'replayed', detail: { runId, cheats: names, paid: name } });
      return solved(1, 1, `The judge called a known cheat right (${name}).`);
    }
    await store.audit({ what: 'replayed', detail: { runId, cheats: names, paid: null } });
    return undefined;
  }
}

async function playCanary(
  tasks: readonly Task[],
  origin: GroupOrigin,
  parts: CanaryParts,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  const task = canaryTask(tasks, parts.sandbox.backend, parts.choices, parts.randomBits ?? randomBits);
  if (task === undefined) return undefined;
  try {
    const group = asCanary(await solveTask(task, origin, parts, signal));
    const { samples, ...about } = group;
    const texts = samples.map(({ tokens: _tokens, ...sample }) => sample);
    await parts.store.audit({ what: 'canary', detail: { ...about, task, samples: texts } });
    const right = samples.filter(({ verdict }) => verdict.verdict === 'right').length;
    if (right === 0) return undefined;
    const detail = `${right} of ${samples.length} answers to a canary count as right, a task whose answer is ours alone (${task.id}).`;
    return solved(right, samples.length, detail);
  } catch (error) {
    // Another one is chosen the next time.
    if (ModelError.is(error, 'prompt-too-long')) return undefined;
    throw error;
  }
}

/** The group as a trainer would have to see it, did it ever get one. */
export function asCanary(group: SolveGroup): SolveGroup {
  return { ...group, trainable: false, notTrainable: 'canary' };
}

function solved(count: number, of: number, what: string): Finding {
  return {
    monitor: 'canary-solved',
    action: 'stop',
    kind: null,
    measured: share(count, of),
    threshold: 0,
    detail: `${what} No honest answer can be: the judge has a hole, or the answer leaked. Trust no reward of this run.`,
  };
}

import type { Attempt, Group, Proposal, SolveGroup } from '../../protocol/group.ts';
import type { Task } from '../../protocol/task.ts';
import { judgeAttempt } from '../../server/src/judge/attempt.ts';
import { modelMsOf } from '../../server/src/selfplay/group-yield.ts';
import { play } from '../../server/src/selfplay/play.ts';
import { onPolicy } from '../../server/src/selfplay/sampling.ts';
import { kindSpec } from '../../server/src/tasks/kinds.ts';
import { median, spread } from '../statistics.ts';
import type { BenchParts } from './prepared-store.ts';

/** How often and how long it is played. */
export interface SchedulingOptions {
  readonly minutes: number;
  readonly repeats: number;
}

/** Prints how well runs use the model, over repeats of them. */
export async function measureScheduling(
  { minutes, repeats }: SchedulingOptions,
  parts: BenchParts,
  signal: AbortSignal,
): Promise<void> {
  const ratios: number[] = [];
  const utilisations: number[] = [];
  const saved: Saved[] = [];
  const cpuMs: number[] = [];
  const rates: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat += 1) {
    const { groups, tasks, playedMs, engineMs } = await playOnce(repeat, minutes, parts, signal);
    cpuMs.push(engineMs / Math.max(1, samplesOf(groups).length));
    const solved = groups.filter(isExecuted);
    const judged = solved.filter(({ trainable }) => trainable).flatMap(({ samples }) => samples).length;
    const oursMs = solveMs(groups, playedMs);
    rates.push(judged / (oursMs / 60_000));
    // The same groups, so the same attempts count: what differs is the time.
    ratios.push((await naiveMs(solved, tasks, parts, signal)) / oursMs);
    utilisations.push(tokens(groups) / playedMs / (await bestReplay(groups, parts, signal)));
    saved.push(savedTokens(groups));
    // A run takes ten minutes with what it is compared with: what is known is told at once.
    const [rate = 0, ratio = 0, use = 0] = [rates, ratios, utilisations].map((all) => all.at(-1));
    console.log(
      `run ${repeat + 1}: ${rate.toFixed(1)} attempts per minute, ${ratio.toFixed(2)} ÷ naive, utilisation ${use.toFixed(2)}`,
    );
  }
  console.log(`${repeats} runs of ${minutes} min: median (least–most)`);
  console.log(`judged attempts per minute         ${median(rates).toFixed(1)} (${spread(rates)})`);
  console.log(`  ÷ naive loop, same num_predict   ${median(ratios).toFixed(2)} (${spread(ratios)})`);
  console.log(
    `utilisation                        ${median(utilisations).toFixed(2)} (${spread(utilisations)})`,
  );
  const shares = saved.map(({ tokens: notRead, of }) => notRead / Math.max(1, of));
  const counts = saved.map(({ tokens: notRead, of }) => `${notRead.toFixed(0)} of ${of}`).join(', ');
  console.log(
    `prompt tokens saved by siblings    ${median(shares).toFixed(2)} (${spread(shares)}): ${counts}`,
  );
  console.log(`CPU of our process per sample, ms  ${median(cpuMs).toFixed(1)} (${spread(cpuMs)})`);
}

interface Played {
  readonly groups: Group[];
  readonly tasks: Task[];
  readonly playedMs: number;
  /** CPU that this process used while it played, milliseconds. */
  readonly engineMs: number;
}

async function playOnce(
  repeat: number,
  minutes: number,
  { store: open, folder, model, endpoint, sandbox }: BenchParts,
  signal: AbortSignal,
): Promise<Played> {
  const store = await open(`${repeat}`);
  try {
    const before = process.cpuUsage();
    const run = await play(
      { folder, model, minutes, randomSeed: repeat, stream: false },
      { store, sandbox, endpoint, onEvent: () => undefined },
      signal,
    );
    const { user, system } = process.cpuUsage(before);
    return {
      engineMs: (user + system) / 1000,
      groups: await store.groups({ runId: run.id }),
      tasks: await store.tasks(),
      playedMs: run.playedMs,
    };
  } finally {
    await store.close();
  }
}

/** Solve groups that execution judges: what an explanation is worth is no matter of attempts a minute. */
function isExecuted(group: Group): group is SolveGroup {
  return group.role === 'solve' && group.kind !== 'explain';
}

/** The part of a run's time that these groups took, by the model's own share of it. */
function solveMs(groups: readonly Group[], playedMs: number): number {
  const modelMs = (some: readonly Group[]) =>
    samplesOf(some).reduce((sum, sample) => sum + modelMsOf(sample), 0);
  return (playedMs * modelMs(groups.filter(isExecuted))) / modelMs(groups);
}

/** Milliseconds of a loop that asks all siblings at once and judges them before it asks again. */
async function naiveMs(
  groups: readonly SolveGroup[],
  tasks: readonly Task[],
  { endpoint, sandbox, model }: BenchParts,
  signal: AbortSignal,
): Promise<number> {
  const byId = new Map(tasks.map((task) => [task.id, task]));
  const begun = performance.now();
  for (const { taskId, prompt, sampling, samples } of groups) {
    const task = byId.get(taskId);
    if (task === undefined || task.kind === 'explain') continue;
    const { ends, numPredict } = kindSpec(task.kind).ask(task);
    const drawn = await Promise.all(
      samples.map(({ randomSeed }) =>
        endpoint.sample(
          {
            model,
            prompt,
            sampling: { ...sampling, ...onPolicy(numPredict) },
            randomSeed,
            ends,
          },
          signal,
        ),
      ),
    );
    for (const { text, finish } of drawn) {
      await judgeAttempt(task, kindSpec(task.kind).read(text, finish, task), finish, sandbox, signal);
    }
  }
  return performance.now() - begun;
}

/** Tokens per millisecond of the best order: as played, and sorted by prompt so that like prompts follow each other. */
async function bestReplay(
  groups: readonly Group[],
  { endpoint, model }: BenchParts,
  signal: AbortSignal,
): Promise<number> {
  const orders = [groups, [...groups].sort((a, b) => (a.prompt < b.prompt ? -1 : 1))];
  const rates: number[] = [];
  for (const order of orders) {
    const begun = performance.now();
    for (const { prompt, samples } of order) {
      for (const { randomSeed, completionTokens } of samples) {
        const sampling = onPolicy(Math.max(1, completionTokens));
        await endpoint.sample({ model, prompt, sampling, randomSeed, ends: () => false }, signal);
      }
    }
    rates.push(tokens(order) / (performance.now() - begun));
  }
  return Math.max(...rates);
}

function samplesOf(groups: readonly Group[]): (Attempt | Proposal)[] {
  return groups.flatMap((group): (Attempt | Proposal)[] => group.samples);
}

function tokens(groups: readonly Group[]): number {
  return samplesOf(groups).reduce((sum, { completionTokens }) => sum + completionTokens, 0);
}

interface Saved {
  readonly tokens: number;
  readonly of: number;
}

function savedTokens(groups: readonly Group[]): Saved {
  let notRead = 0;
  let of = 0;
  for (const { samples } of groups) {
    const [first, ...later] = samples;
    if (first === undefined) continue;
    for (const { promptTokens, promptMs } of later) {
      of += promptTokens;
      notRead += promptTokens * Math.max(0, 1 - promptMs / Math.max(first.promptMs, 0.001));
    }
  }
  return { tokens: notRead, of };
}

import os from 'node:os';
import type { Backend, Limits } from '../../../protocol/sandbox.ts';
import { encode } from '../values/canonical.ts';
import { CanonicalError } from '../values/canonical-error.ts';
import { identical } from '../values/relations.ts';
import type { Job, Lane } from './program/lane.ts';
import { mayDrift } from './program/may-drift.ts';
import { type RunFinding, readResult } from './program/read-result.ts';
import type { Share } from './program/share.ts';
import type { Execution, Ran, Sandbox, Trace, Verified } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';

/** Longer source is refused unread: not even what the miner cuts down by what it executes is this long. */
const maxSourceBytes = 262_144;

/** After so many programs an image is tried with one whose result is known. */
const runsBetweenCanaries = 1_000;

/** No function that a person wrote has a longer name. */
const maxEntryLength = 255;

/** The images of a sandbox: what runs once runs in the first, what is verified also in the others, and in the further ones what may drift. */
export interface Lanes {
  readonly first: Lane;
  readonly others: readonly Lane[];
  readonly further: Lane;
}

/** Ends all images. */
export async function closeLanes({ first, others, further }: Lanes): Promise<void> {
  await Promise.all([first, ...others, further].map((lane) => lane.close()));
}

/** The sandbox over its images. */
export function sandboxOf(
  backend: Backend,
  choice: string,
  lanes: Lanes,
  { limits, share, packages }: Pick<Sandbox, 'packages'> & { readonly limits: Limits; readonly share: Share },
): Sandbox {
  const { first } = lanes;
  // Pyodide cannot be asked for its processor time from beside it, so both of its limits go by the clock.
  const clocked = backend.name === 'pyodide';
  const answersCanary = async (lane: Lane, signal: AbortSignal) => {
    const job = { ...canary, mode: 'once', limits, urgent: true } as const;
    const finding = readResult(await lane.run(job, signal), job);
    return (
      finding.type === 'ran' && finding.ran.outcome === 'ok' && identical(finding.ran.value, canaryValue)
    );
  };
  const runs = new Map<Lane, number>();
  /** Now and then tries an image with a program whose result is known, and replaces one that fails. */
  const checked = async (lane: Lane, signal: AbortSignal): Promise<void> => {
    const count = (runs.get(lane) ?? 0) + 1;
    runs.set(lane, count);
    if (count % runsBetweenCanaries !== 0 || (await answersCanary(lane, signal))) return;
    await lane.discard();
    if (await answersCanary(lane, signal)) return;
    throw new SandboxError('broken', 'The sandbox gives wrong results. Reinstall Autodidact.');
  };
  const inLane = async (
    lane: Lane,
    execution: Execution,
    mode: Job['mode'],
    signal: AbortSignal,
  ): Promise<RunFinding> => {
    const refused = refusal(execution);
    if (refused !== undefined) return { type: 'ran', ran: refused };
    const job = {
      // Some editors begin a file with it; Python reads over it in a file, and not in a text.
      program: execution.program.replace(/^\uFEFF/, ''),
      entry: execution.entry,
      call: execution.call,
      mode,
      limits: { ...limits, ...execution.limits },
      urgent: execution.urgent ?? false,
    };
    await checked(lane, signal);
    const finding = readResult(await lane.run(job, signal), job);
    if (!starved(finding, job.limits) || !machineIsLoaded()) return finding;
    // Once more with time to wait for a processor: the limit is on what the program uses.
    const { cpuMs, wallMs } = job.limits;
    const patient = { ...job.limits, wallMs: 4 * wallMs, ...(clocked ? { cpuMs: 4 * cpuMs } : {}) };
    return readResult(await lane.run({ ...job, limits: patient }, signal), { ...job, limits: patient });
  };
  const run = async (execution: Execution, signal: AbortSignal): Promise<Ran> => {
    const finding = await inLane(first, execution, 'once', signal);
    return finding.type === 'ran' ? finding.ran : { outcome: 'crash', signal: 'forged-frame', cpuMs: 0 };
  };
  const executed = async (
    execution: Execution,
    mode: 'trace' | 'cover',
    signal: AbortSignal,
  ): Promise<Trace> => {
    const finding = await inLane(first, execution, mode, signal);
    return finding.type === 'traced' ? finding.trace : { steps: 0, lines: [] };
  };
  return {
    backend,
    choice,
    packages,
    run,
    runBatch: (executions, signal) => Promise.all(executions.map((execution) => run(execution, signal))),
    verify: async (execution, signal) => {
      const twice = await inLane(first, execution, 'twice', signal);
      if (twice.type === 'drifts') return { outcome: 'drifts', cpuMs: twice.cpuMs };
      if (twice.type !== 'ran') return { outcome: 'crash', signal: 'forged-frame', cpuMs: 0 };
      const { ran } = twice;
      // Only what could become a gold value is worth the other images.
      if (ran.outcome !== 'ok' && ran.outcome !== 'exception') return ran;
      /** What the images say against it, if anything. */
      const inOthers = async (images: readonly Lane[]): Promise<Verified | undefined> => {
        const again = await Promise.all(images.map((lane) => inLane(lane, execution, 'once', signal)));
        // That another image ran out of time says nothing about the program's determinism.
        const limited = again.find((finding) => finding.type === 'ran' && finding.ran.outcome === 'limit');
        if (limited?.type === 'ran') return limited.ran;
        const agreed = again.every((finding) => finding.type === 'ran' && agrees(ran, finding.ran));
        return agreed ? undefined : { outcome: 'drifts', cpuMs: ran.cpuMs };
      };
      const again = await inOthers(lanes.others);
      if (again !== undefined) return again;
      return (mayDrift(execution.program) ? await inOthers([lanes.further]) : undefined) ?? ran;
    },
    trace: (execution, signal) => executed(execution, 'trace', signal),
    cover: (execution, signal) => executed(execution, 'cover', signal),
    share: (programsAtOnce) => share.change(programsAtOnce),
    health: (signal) => answersCanary(first, signal),
    close: () => closeLanes(lanes),
  };
}

/** Whether a run was out of time without having used it. */
function starved(finding: RunFinding, { cpuMs }: Limits): boolean {
  if (finding.type !== 'ran' || finding.ran.outcome !== 'limit') return false;
  const { limit } = finding.ran;
  return (limit === 'cpu' || limit === 'wall') && finding.ran.cpuMs < 0.7 * cpuMs;
}

/** More waits for a processor than there are processors. Not known on Windows, where it is never so. */
function machineIsLoaded(): boolean {
  return (os.loadavg()[0] ?? 0) > os.availableParallelism();
}

const canary: Execution = {
  program: 'def f(x):\n    return sorted(x)[::-1]\n',
  entry: 'f',
  call: [{ type: 'str', value: 'ab' }],
};
const canaryValue = {
  type: 'list',
  items: [
    { type: 'str', value: 'b' },
    { type: 'str', value: 'a' },
  ],
} as const;

function agrees(a: Ran, b: Ran): boolean {
  if (a.outcome === 'ok') return b.outcome === 'ok' && identical(a.value, b.value);
  return a.outcome === 'exception' && b.outcome === 'exception' && a.type === b.type;
}

/** What can be refused without running it. */
function refusal({ program, entry, call }: Execution): Ran | undefined {
  const refused = (reason: 'bad-record' | 'syntax' | 'no-entry'): Ran => ({
    outcome: 'refused',
    reason,
    cpuMs: 0,
  });
  if (Buffer.byteLength(program) > maxSourceBytes) return refused('bad-record');
  // Python takes no source with these in it.
  if (program.includes('\0') || !program.isWellFormed()) return refused('syntax');
  if (entry.length > maxEntryLength) return refused('bad-record');
  if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(entry)) return refused('no-entry');
  try {
    encode({ type: 'tuple', items: call });
  } catch (error) {
    if (error instanceof CanonicalError) return refused('bad-record');
    throw error;
  }
  return undefined;
}

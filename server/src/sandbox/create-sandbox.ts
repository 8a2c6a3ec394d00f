import type { Backend, Limits } from '../../../protocol/sandbox.ts';
import { encode } from '../values/canonical.ts';
import { CanonicalError } from '../values/canonical-error.ts';
import { identical } from '../values/relations.ts';
import { type Job, Lane } from './program/lane.ts';
import { Image } from './program/pyodide/image.ts';
import { type RunFinding, readResult } from './program/read-result.ts';
import type { Execution, Ran, Sandbox } from './sandbox.ts';
import { selfTest } from './self-test.ts';

export interface SandboxOptions {
  /** Bounds of a run that asks for none. */
  readonly limits?: Partial<Limits>;
}

/** Bounds of one run on this backend, where Python is about half as fast as on the machine itself. */
export const defaultLimits: Limits = { cpuMs: 2_000, wallMs: 3_500, memoryMb: 96, outputBytes: 16_384 };

/** Longer source is refused unread: no program that a person reviews in seconds is this long. */
const maxSourceBytes = 65_536;

/**
 * The images differ in everything that a deterministic program must not depend on. Three, because two agree by chance on one
 * in five things like the order of a small set.
 */
const variants = [
  { hashSeed: 1, clockOffsetMs: 0, timeZone: 'UTC', home: '/home/a', padding: 64 },
  {
    hashSeed: 7919,
    clockOffsetMs: 9_999_999_999,
    timeZone: 'Asia/Kathmandu',
    home: '/home/bb',
    padding: 70_001,
  },
  {
    hashSeed: 4_104_959_191,
    clockOffsetMs: -86_400_123,
    timeZone: 'America/St_Johns',
    home: '/tmp/c',
    padding: 1_300_013,
  },
] as const;

/**
 * Starts the sandbox: Pyodide in processes of its own. Rejects with `SandboxError` where it does not start, or where its
 * self-test gets out. The second and third image start with the first `verify`.
 */
export async function createSandbox(
  { limits: asked }: SandboxOptions,
  signal: AbortSignal,
): Promise<Sandbox> {
  const limits = { ...defaultLimits, ...asked };
  const [first, ...others] = variants.map(
    (variant) => new Lane((starting) => Image.start({ ...variant, memoryMb: limits.memoryMb }, starting)),
  );
  if (first === undefined) throw new TypeError('A sandbox needs an image.');
  const lanes = [first, ...others];
  const close = async () => {
    await Promise.all(lanes.map((lane) => lane.close()));
  };
  try {
    const { version, python } = await first.image();
    const sandbox = pyodideSandbox({ name: 'pyodide', version, python }, first, others, limits, close);
    await selfTest(sandbox, signal);
    return sandbox;
  } catch (error) {
    await close();
    throw error;
  }
}

function pyodideSandbox(
  backend: Backend,
  first: Lane,
  others: readonly Lane[],
  limits: Limits,
  close: () => Promise<void>,
): Sandbox {
  const inLane = async (
    lane: Lane,
    execution: Execution,
    mode: Job['mode'],
    signal: AbortSignal,
  ): Promise<RunFinding> => {
    const refused = refusal(execution);
    if (refused !== undefined) return { type: 'ran', ran: refused };
    const job = {
      program: execution.program,
      entry: execution.entry,
      call: execution.call,
      mode,
      limits: { ...limits, ...execution.limits },
      urgent: execution.urgent ?? false,
    };
    return readResult(await lane.run(job, signal), job.limits);
  };
  const run = async (execution: Execution, signal: AbortSignal): Promise<Ran> => {
    const finding = await inLane(first, execution, 'once', signal);
    return finding.type === 'ran' ? finding.ran : { outcome: 'crash', signal: 'forged-frame', cpuMs: 0 };
  };
  return {
    backend,
    run,
    runBatch: (executions, signal) => Promise.all(executions.map((execution) => run(execution, signal))),
    verify: async (execution, signal) => {
      const twice = await inLane(first, execution, 'twice', signal);
      if (twice.type === 'drifts') return { outcome: 'drifts', cpuMs: twice.cpuMs };
      if (twice.type !== 'ran') return { outcome: 'crash', signal: 'forged-frame', cpuMs: 0 };
      // Only what could become a gold value is worth the other images.
      if (twice.ran.outcome !== 'ok' && twice.ran.outcome !== 'exception') return twice.ran;
      const again = await Promise.all(others.map((lane) => inLane(lane, execution, 'once', signal)));
      // That another image ran out of time says nothing about the program's determinism.
      const limited = again.find((finding) => finding.type === 'ran' && finding.ran.outcome === 'limit');
      if (limited?.type === 'ran') return limited.ran;
      return again.every((finding) => finding.type === 'ran' && agrees(twice.ran, finding.ran))
        ? twice.ran
        : { outcome: 'drifts', cpuMs: twice.ran.cpuMs };
    },
    trace: async (execution, signal) => {
      const finding = await inLane(first, execution, 'trace', signal);
      return finding.type === 'lines' ? finding.lines : [];
    },
    health: async (signal) => {
      const result = await run(canary, signal);
      return result.outcome === 'ok' && identical(result.value, canaryValue);
    },
    close,
  };
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
  if (program.includes('\0')) return refused('syntax');
  if (!/^[\p{ID_Start}_][\p{ID_Continue}]*$/u.test(entry)) return refused('no-entry');
  try {
    encode({ type: 'tuple', items: call });
  } catch (error) {
    if (error instanceof CanonicalError) return refused('bad-record');
    throw error;
  }
  return undefined;
}

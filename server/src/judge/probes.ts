import { dropOldest } from '../drop-oldest.ts';
import { callsOfProgram } from '../mining/generate/calls-of-program.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import { contentId } from '../tasks/record-id.ts';
import { isEncodable } from '../values/canonical.ts';
import { writeCall } from '../values/literal-writer.ts';
import type { Call, Output } from '../values/value.ts';
import { outputOf } from './gold.ts';
import { programKey } from './trivial-context.ts';

/** A call and what a program gives for it once; undefined where that is nothing that can be compared. */
export interface Probe {
  readonly call: Call;
  /** The call, as `literal-writer` writes it. */
  readonly text: string;
  readonly output: Output | undefined;
}

/** Calls that are made up for a program, to be run once. */
const generatedProbes = 24;

/** Well below what a call is given when it is verified. */
const limits = { cpuMs: 200, wallMs: 1_000 };

/** Calls run at a time, and runs into limits after which no further call is tried. */
const atATime = 8;
const maxLimits = 2;

/** Programs whose probes are remembered per sandbox; those of one program are asked soon after one another. */
const maxPrograms = 64;

/** Runs remembered per sandbox. */
const maxProbed = 1_000;
const probed = new WeakMap<Sandbox, Map<string, Probe>>();

const remembered = new WeakMap<Sandbox, Map<string, readonly Probe[]>>();

/**
 * What a program gives for calls that the typed generator makes up, `known` calls left out, whose order does not matter. Run once for
 * each program with these and remembered. Rejects as `sandbox.runBatch` does.
 */
export async function generatedOutputs(
  program: { readonly program: string; readonly entry: string },
  known: readonly Call[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<readonly Probe[]> {
  const ofSandbox = remembered.get(sandbox) ?? new Map<string, readonly Probe[]>();
  remembered.set(sandbox, ofSandbox);
  const sorted = [...new Map(known.map((call) => [writeCall(call), call]))].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const key = contentId(
    programKey(program),
    sorted.map(([text]) => text),
  );
  const before = ofSandbox.get(key);
  if (before !== undefined) return before;
  const calls = callsOfProgram(
    program,
    sorted.map(([, call]) => call),
    generatedProbes,
  );
  const probes = await probe(program, calls, sandbox, signal);
  ofSandbox.set(key, probes);
  dropOldest(ofSandbox, maxPrograms);
  return probes;
}

/**
 * What a program gives for some calls, each run once and remembered; a few at a time, those behind the second that ran into a limit
 * left out. Calls that cannot be encoded are left out, too. Rejects as `sandbox.runBatch` does.
 */
export async function probe(
  { program, entry }: { readonly program: string; readonly entry: string },
  calls: readonly Call[],
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<Probe[]> {
  const ofSandbox = probed.get(sandbox) ?? new Map<string, Probe>();
  probed.set(sandbox, ofSandbox);
  const possible = calls
    .filter((call) => isEncodable({ type: 'tuple', items: call }))
    .map((call) => ({ call, key: contentId(programKey({ program, entry }), writeCall(call)) }));
  const probes: Probe[] = [];
  let limited = 0;
  for (let at = 0; at < possible.length && limited < maxLimits; at += atATime) {
    const some = possible.slice(at, at + atATime);
    const missing = some.filter(({ key }) => !ofSandbox.has(key));
    const ran = await sandbox.runBatch(
      missing.map(({ call }) => ({ program, entry, call, limits })),
      signal,
    );
    for (const [index, { call, key }] of missing.entries()) {
      const result = ran[index];
      if (result === undefined) continue;
      if (result.outcome === 'limit') limited += 1;
      ofSandbox.set(key, { call, text: writeCall(call), output: outputOf(result) });
    }
    for (const { key } of some) {
      const found = ofSandbox.get(key);
      if (found !== undefined) probes.push(found);
    }
    dropOldest(ofSandbox, maxProbed);
  }
  return probes;
}

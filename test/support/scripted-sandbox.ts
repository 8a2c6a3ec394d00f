import type { Execution, Result, Sandbox, Verified } from '../../server/src/sandbox/sandbox.ts';

/** Finds a result as a program would, or throws what a broken sandbox throws. */
export type Script = (execution: Execution) => Result | { readonly outcome: 'drifts' };

/** A sandbox that runs nothing and finds what it is told; remembers what it was asked. */
export function scriptedSandbox(script: Script): Sandbox & { readonly asked: Execution[] } {
  const asked: Execution[] = [];
  const find = async (execution: Execution, signal: AbortSignal): Promise<Verified> => {
    await Promise.resolve();
    signal.throwIfAborted();
    asked.push(execution);
    return { ...script(execution), cpuMs: 1 };
  };
  const run = async (execution: Execution, signal: AbortSignal) => {
    const found = await find(execution, signal);
    if (found.outcome === 'drifts') throw new TypeError('A single run finds no drift.');
    return found;
  };
  return {
    choice: 'scripted',
    packages: new Set(),
    backend: { name: 'pyodide', version: '314.0.7', python: '3.14.2' },
    asked,
    run,
    runBatch: (executions, signal) => Promise.all(executions.map((execution) => run(execution, signal))),
    verify: find,
    trace: () => Promise.resolve({ steps: 0, lines: [] }),
    cover: () => Promise.resolve({ steps: 0, lines: [] }),
    share: () => undefined,
    health: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
}

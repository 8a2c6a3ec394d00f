import { createHash } from 'node:crypto';
import type { Execution, Ran, Sandbox } from '../../server/src/sandbox/sandbox.ts';
import { writeCall } from '../../server/src/values/literal-writer.ts';
import type { Value } from '../../server/src/values/value.ts';

/** Two numbers that a function of this name gives for a call: the model of the soak can find them as well as its sandbox. */
export function given(entry: string, call: string): readonly [number, number] {
  const bytes = createHash('sha256').update(`${entry}${call}`).digest();
  return [bytes.readUInt16LE(0) % 900, bytes.readUInt16LE(2) % 900];
}

/** A sandbox that runs nothing: what a function gives depends on its name and on the call alone. Remembers nothing. */
export function fakePython(): Sandbox {
  const result = ({ entry, call }: Execution): Ran => {
    const numbers = given(entry, writeCall(call));
    if (numbers[0] % 4 === 0) return { outcome: 'exception', type: 'ValueError', cpuMs: 1 };
    const items = numbers.map((number): Value => ({ type: 'int', value: BigInt(number) }));
    return { outcome: 'ok', value: { type: 'list', items }, cpuMs: 1 };
  };
  const lines = ({ entry, call }: Execution) => {
    const [first, second] = given(entry, writeCall(call));
    return Promise.resolve({ steps: 2, lines: [first % 20, second % 20] });
  };
  return {
    choice: 'fake',
    packages: new Set(),
    backend: { name: 'pyodide', version: 'fake', python: '3.14.2' },
    run: (execution) => Promise.resolve(result(execution)),
    runBatch: (executions) => Promise.resolve(executions.map(result)),
    verify: (execution) => Promise.resolve(result(execution)),
    trace: lines,
    cover: lines,
    share: () => undefined,
    health: () => Promise.resolve(true),
    close: () => Promise.resolve(),
  };
}

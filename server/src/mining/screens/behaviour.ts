import { createHash } from 'node:crypto';
import type { Ran, Sandbox } from '../../sandbox/sandbox.ts';
import { readCall } from '../../values/literal-reader.ts';
import { writeValue } from '../../values/literal-writer.ts';
import { identical } from '../../values/relations.ts';
import type { Call } from '../../values/value.ts';

/**
 * What every function is asked, by the number of its arguments: argument tuples of one combination of types a row. Where the
 * first of a row does not return, the others are not tried.
 */
const probeRows: Readonly<Record<number, readonly (readonly string[])[]>> = {
  1: [
    ['(7,)', '(0,)', '(-3,)', '(12,)', '(2.5,)'],
    ["('Hello, big World',)", "('snake_case-and 12',)", "('',)", "('a',)", "('  x=1, y = 2 ',)"],
    ['([3, 1, 2, 3],)', '([],)', '([5],)', '([0, 1, 1, 0],)'],
    ["(['b', 'a', 'c'],)", "(['x y', ''],)", "(['Abc', 'abc'],)", "(['1', '22'],)"],
    ['([[1, 2], [3]],)', '([(1, 2), (3, 4)],)', '([[], [0]],)', '([[5, 6], [7, 8]],)'],
    ["({'a': 1, 'b': 2},)", '({},)', "({'x': 'y'},)", '({1: [2], 3: [4]},)'],
  ],
  2: [
    ['(7, 2)', '(0, 3)', '(10, 5)', '(-4, 3)', '(9, 4)'],
    ["('snake_case', 4)", "(' Hello, World ', 2)", "('abc', 1)", "('a b c', 3)", "('', 2)"],
    ["(4, 'snake_case')", "(2, ' Hello, World ')", "(1, 'abc')", "(3, 'a b c')"],
    ['([3, 1, 2], 2)', '([5, 6, 7, 8], 1)', '([1, 1, 2], 3)', '([4], 1)'],
    ['(2, [3, 1, 2])', '(1, [5, 6, 7, 8])', '(3, [1, 1, 2])', '(1, [4])'],
    ["('banana', 'a')", "('Hello, big World', 'o')", "('a-b-c', '-')", "('abc', 'xyz')", "('x', 'x')"],
    ['([3, 1, 2], [1, 5])', '([1, 2], [3])', '([], [1])', '([2, 2], [2])'],
    ["({'a': 1}, 'a')", "({'a': {'b': 2}}, 'a')", "({'x': 1}, 'y')", "({'k': 'v', 'l': 'w'}, 'k')"],
    ["('a', {'a': 1})", "('b', {'a': 1, 'b': [2]})", "('x', {})", "('k', {'k': 'v'})"],
    ["({'a': 1}, {'b': 2})", "({'a': 1}, {'a': 2})", '({}, {1: 2})', "({'x': {'y': 1}}, {'x': {'z': 2}})"],
    ["(['b', 'a'], ', ')", "(['x', 'y', 'z'], 'y')", "([''], 'a')", "(['aa', 'ab'], 'a')"],
  ],
  3: [
    ['(1, 2, 3)', '(9, 4, 7)', '(0, 10, 2)', '(5, 5, 5)', '(-3, 0, 8)'],
    ["('banana', 'a', 'o')", "('a-b-c', '-', '+')", "('abc', 'b', '')", "('x y', ' ', '_')"],
    ["('a b c', ' ', 1)", "('snake_case', '_', 2)", "('abcabc', 'b', 1)", "('xx', 'x', 0)"],
    ["('abcdef', 1, 3)", "('hello', 0, 2)", "('a', 5, 9)", "('snake_case', 2, 7)"],
    ['([3, 1, 2, 5], 1, 2)', '([1, 2, 3], 0, 9)', '([4, 4], 2, 1)', '([7, 8, 9], 1, 3)'],
    ["({'a': 1}, 'a', 5)", "({'a': 1}, 'b', 5)", "({}, 'x', [])", "({'k': {'l': 2}}, 'k', 0)"],
    ['(2, [1, 2, 3, 4], 0)', '(1, [5, 6], 9)', '(3, [1], 0)', '(2, [], 7)'],
  ],
};

const limits = { cpuMs: 100, wallMs: 500 };
/** With fewer returns, or fewer that say something, two functions agree by chance. */
const fewestReturns = 4;
const fewestTelling = 3;

/**
 * A function's behaviour as one hash: what it returns for values that every function is asked. Null where too few of them return,
 * or it returns what it was given. 16 hex digits.
 */
export async function behaviourOf(
  { program, entry }: { readonly program: string; readonly entry: string },
  parameters: number,
  sandbox: Sandbox,
  signal: AbortSignal,
): Promise<string | null> {
  const rows = probes.get(Math.max(1, Math.min(3, parameters))) ?? [];
  const ask = (calls: readonly Call[]) =>
    sandbox.runBatch(
      calls.map((call) => ({ program, entry, call, limits })),
      signal,
    );
  const firsts = await ask(rows.map(([first = []]) => first));
  const others = rows.flatMap((row, index) => (firsts[index]?.outcome === 'ok' ? row.slice(1) : []));
  const calls = [...rows.map(([first = []]) => first), ...others];
  const ran = [...firsts, ...(await ask(others))];
  const outputs = ran.map(outputOf);
  const telling = ran.filter((end, index) => isTelling(end, calls[index] ?? [])).length;
  const returned = outputs.filter((output) => output !== '');
  if (returned.length < fewestReturns || new Set(returned).size < fewestTelling || telling < fewestTelling)
    return null;
  return createHash('sha256').update(outputs.join('\n')).digest('hex').slice(0, 16);
}

function outputOf(ran: Ran): string {
  // Two writings of one function raise different things where it was never meant to be called.
  return ran.outcome === 'ok' ? `=${writeValue(ran.value)}` : '';
}

function isTelling(ran: Ran, call: Call): boolean {
  return (
    ran.outcome === 'ok' &&
    ran.value.type !== 'none' &&
    !call.some((argument) => identical(argument, ran.value))
  );
}

const probes: ReadonlyMap<number, readonly (readonly Call[])[]> = new Map(
  Object.entries(probeRows).map(([count, rows]) => [Number(count), rows.map((row) => row.map(asCall))]),
);

function asCall(text: string): Call {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(`A probe is no call: ${text}`);
  return read.value;
}

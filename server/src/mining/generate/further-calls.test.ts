import { expect, it } from 'vitest';
import { readCall } from '../../values/literal-reader.ts';
import { writeCall } from '../../values/literal-writer.ts';
import type { Call } from '../../values/value.ts';
import { furtherCalls } from './further-calls.ts';
import type { Inputs } from './inputs.ts';
import { nothingNamed } from './named-values.ts';
import { poolOf } from './pool.ts';
import { any, int, str, type ValueType } from './value-type.ts';

const inputs = (...types: readonly (readonly ValueType[])[]): Inputs => ({
  picked: [],
  pools: types.map((each, at) => poolOf(`p${at}`, each, nothingNamed, { isRequired: at === 0 })),
  rest: null,
});

function call(text: string): Call {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(text);
  return read.value;
}

it('gives other calls than those that were tried, the same each time', () => {
  const tried = ['(1,)', '(2,)', '(0,)', '(3,)'].map((text) => ({ call: call(text), isMistyped: false }));
  const calls = furtherCalls(inputs([int]), tried, [], 12).map(writeCall);
  expect(calls).toHaveLength(12);
  expect(new Set([...calls, ...tried.map((each) => writeCall(each.call))]).size).toBe(16);
  expect(furtherCalls(inputs([int]), tried, [], 12).map(writeCall)).toEqual(calls);
  const next = [...tried, ...calls.map((text) => ({ call: call(text), isMistyped: false }))];
  expect(furtherCalls(inputs([int]), next, [], 12).map(writeCall)).not.toEqual(calls);
});

it('turns to other types where all calls of one were refused for their types', () => {
  const types = inputs([int, any], [str]);
  const kinds = (isMistyped: boolean) => {
    const tried = ["(1, 'a')", "(2, 'b')", "(3, 'c')"].map((text) => ({ call: call(text), isMistyped }));
    return furtherCalls(types, tried, [], 30).map(([first]) => first?.type);
  };
  expect(kinds(false).filter((kind) => kind === 'int').length).toBeGreaterThan(5);
  expect(kinds(true)).not.toContain('int');
  expect(new Set(kinds(true)).size).toBeGreaterThan(3);
});

it('leaves out what is not required half of the time', () => {
  const lengths = furtherCalls(inputs([int], [str]), [], [], 30).map(({ length }) => length);
  expect(lengths).toContain(1);
  expect(lengths).toContain(2);
});

it('changes good calls, where nothing can be drawn', () => {
  const nothing: Inputs = { picked: [], pools: [], rest: null };
  expect(furtherCalls(nothing, [], [], 6)).toEqual([]);
  const calls = furtherCalls(nothing, [], [call("('Hello', 3)")], 20).map(writeCall);
  expect(calls).toContain("('Hello', 4)");
  expect(calls).toContain("('hello', 3)");
});

it('is bounded by what a task may be', () => {
  const deep: ValueType = { kind: 'list', of: { kind: 'list', of: { kind: 'list', of: str } } };
  for (const each of furtherCalls(inputs([deep]), [], [], 40))
    expect(writeCall(each).length).toBeLessThanOrEqual(1_024);
});

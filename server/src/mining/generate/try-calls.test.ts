import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSandbox } from '../../sandbox/create-sandbox.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { readCall } from '../../values/literal-reader.ts';
import type { FoundCall } from '../calls/call-index.ts';
import { parametersOf } from '../entry-signature.ts';
import { parsePython } from '../python-parser.ts';
import { undecorated } from '../syntax/syntax.ts';
import { inputsOf } from './inputs.ts';
import { tryCalls } from './try-calls.ts';

const { signal } = new AbortController();
const wanted = { outputs: 8, tried: 24 };
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await createSandbox({}, signal);
}, 60_000);
afterAll(() => sandbox.close());

function found(text: string): FoundCall {
  const read = readCall(text);
  if (!read.ok) throw new TypeError(text);
  return { call: read.value, text, source: 'doctest', file: null, line: null };
}

/** Tries calls of the last function of a program. */
async function tried(program: string, known: readonly string[] = []) {
  const tree = parsePython(program);
  const node = undecorated(tree.root.children.at(-1) ?? tree.root);
  const entry = /^def (\w+)/.exec(program.slice(node.start))?.[1] ?? '';
  const helpers = [{ tree, node: tree.root }];
  const inputs = inputsOf({ tree, node }, parametersOf(tree, node), 24, helpers);
  return {
    ...(await tryCalls({ program, entry, found: known.map(found), inputs }, wanted, sandbox, signal)),
    mayNot: await tryCalls(
      { program, entry, found: known.map(found), inputs: null },
      wanted,
      sandbox,
      signal,
    ),
  };
}

async function linesOf(program: string, chosen: readonly FoundCall[]) {
  const lines = new Set<number>();
  for (const { call } of chosen)
    for (const line of (await sandbox.trace({ program, entry: 'f', call }, signal)).lines) lines.add(line);
  return lines;
}

describe('calls that are made up', () => {
  it('reach what hand-picked values do not: records of what is looked up, matches of patterns', async () => {
    const program = `import re

DATE = re.compile(r'^\\d{4}-\\d\\d$')

def is_date(s: str):
    return DATE.match(s) is not None

def f(order, note: str):
    total = order['price'] * order['count'] - order['discount']
    if is_date(note):
        total += 1000
    return [total]
`;
    const { chosen, count } = await tried(program);
    expect(chosen.length).toBeGreaterThan(3);
    expect(count).toBeLessThanOrEqual(72);
    expect([...(await linesOf(program, chosen))]).toContain(11);
  });

  it('are good calls with one thing changed, where the types cannot be told', async () => {
    const program = 'def f(spec):\n    kind, size = spec.split(":")\n    return [kind.upper()] * int(size)\n';
    const { chosen } = await tried(program, ["('ab:3',)"]);
    expect(chosen.length).toBeGreaterThanOrEqual(3);
    expect(chosen.map(({ text }) => text).join()).toContain(':3');
    expect(chosen.every(({ source }) => source === 'generated')).toBe(true);
  });

  it('turn to other types where all of the likeliest are refused', async () => {
    const program = 'def f(pairs):\n    return {key: number + 1 for key, number in pairs}\n';
    const { chosen } = await tried(program);
    expect(chosen.length).toBeGreaterThanOrEqual(3);
  });

  it('are none where enough is found, or none may be', async () => {
    const program = 'def f(x: int):\n    return x * 2 + 1\n';
    const all = Array.from({ length: 9 }, (_, at) => `(${at + 1},)`);
    expect(await tried(program, all)).toMatchObject({ chosen: [], count: 0 });
    const some = await tried(program, all.slice(0, 5));
    expect(some.chosen).toHaveLength(3);
    expect(some.mayNot).toMatchObject({ chosen: [], count: 0, failure: '' });
  });

  it('are made where those found give one output, and tell something else', async () => {
    const program = 'def f(x: int):\n    if x > 50:\n        return "many"\n    return "few"\n';
    const { chosen } = await tried(
      program,
      Array.from({ length: 12 }, (_, at) => `(${at},)`),
    );
    expect(chosen).toHaveLength(1);
    expect((await linesOf(program, chosen)).has(3)).toBe(true);
  });

  it('end soon where they run into limits, and where a round tells nothing new', async () => {
    const endless = await tried('def f(x: int):\n    while True:\n        pass\n');
    expect(endless).toMatchObject({ chosen: [], failure: 'cpu' });
    expect(endless.count).toBeLessThanOrEqual(6);
    expect((await tried('def f(x: int):\n    return 1\n')).count).toBeLessThanOrEqual(36);
    expect((await tried('def f(x: int):\n    raise KeyError(x)\n')).count).toBeLessThanOrEqual(36);
    expect((await tried('def f(x: int):\n    return object()\n')).count).toBe(12);
  });

  it('are the same each time', async () => {
    const program = 'def f(text, n=2):\n    return text.split(",")[:n]\n';
    const texts = async () => (await tried(program)).chosen.map(({ text }) => text);
    expect(await texts()).toEqual(await texts());
  });
});

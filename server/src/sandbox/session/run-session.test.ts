import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendsHere } from '../../../../test/redteam/backends.ts';
import { callSource } from '../../tasks/in-words.ts';
import { turnCode } from '../../tasks/tools/tool-turn.ts';
import { workedExamples } from '../../tasks/worked-examples.ts';
import { createSandbox } from '../create-sandbox.ts';
import type { Sandbox } from '../sandbox.ts';
import { mostShown, runSession } from './run-session.ts';

const { signal } = new AbortController();
const program = 'def double(x):\n    return x * 2\n';

describe.each(await backendsHere())('a Python session on %s', (backend) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox({ backend, env: process.env }, signal);
  });
  afterAll(() => sandbox?.close());

  const session = (pieces: readonly string[], scope = program) =>
    runSession({ program: scope, pieces }, sandbox, signal);
  /** What the last piece showed, as text. */
  const shown = async (...pieces: string[]) => {
    const end = await session(pieces);
    if (end.outcome !== 'ran') return end.outcome;
    const last = end.shown.at(-1);
    return `${last?.printed}${last?.raised ?? ''}`;
  };

  it.each([
    ['the value of an expression', 'double(21)\n', '42\n'],
    ['nothing of a statement, and nothing of None', 'x = 1; None\n', ''],
    ['what is printed', "print('a'); print('b', end='')\n", 'a\nb'],
    ['a block', 'for n in range(3):\n    print(n)\n', '0\n1\n2\n'],
    ['what an error says', "int('x')\n", "ValueError: invalid literal for int() with base 10: 'x'"],
    ['what was printed before an error', 'print(1); 1 / 0\n', '1\nZeroDivisionError: division by zero'],
    ['what is no Python', 'print(1\n', "SyntaxError: '(' was never closed"],
    ['that a program leaves', 'raise SystemExit(3)\n', 'SystemExit: 3'],
    ['halves of characters', "print('\\ud83d\\ude00')\n", '\\ud83d\\ude00\n'],
    ['an error that cannot say itself', 'raise type("E", (Exception,), {})()\n', 'E'],
  ])('shows %s', async (_, code, text) => {
    expect(await shown(code)).toBe(text);
  });

  it('keeps what was defined, also by a piece that raised later on', async () => {
    expect(await shown('import math\n', 'y = math.floor(2.5); 1 / 0\n', 'double(y)\n', '_ + 1\n')).toBe(
      '5\n',
    );
  });

  it('keeps nothing for the next session', async () => {
    await session(['y = 1; double = None; import builtins; builtins.len = None\n']);
    expect(await shown('double(len([1]))\n')).toBe('2\n');
    expect(await shown('y\n')).toBe("NameError: name 'y' is not defined");
  });

  it('has the worked examples of prompts right', async () => {
    for (const { program: its, entry, tried } of workedExamples) {
      const lines = [[callSource(entry, tried.call[0]), tried.call[1]], tried.expression] as const;
      const end = await session(
        lines.map(([source]) => turnCode(` ${source}\n`)),
        its,
      );
      expect(end).toMatchObject({
        outcome: 'ran',
        shown: lines.map(([, output]) => ({ printed: `${output}\n`, raised: null })),
      });
    }
  });

  it.each([
    ['loops', 'while True: pass\n', 'limit'],
    ['prints without end', "while True: print('x' * 1000)\n", 'limit'],
    [
      'catches everything and loops',
      'while True:\n    try:\n        while True: pass\n    except BaseException: pass\n',
      'limit',
    ],
    // Pyodide has no way to sleep.
    ['sleeps', 'import time; time.sleep(60)\n', backend === 'native' ? 'limit' : 'violation'],
  ])('ends a piece that %s, soon', async (_, code, outcome) => {
    const begun = performance.now();
    expect((await session([code])).outcome).toBe(outcome);
    expect(performance.now() - begun).toBeLessThan(10_000);
    expect(await shown('double(1)\n')).toBe('2\n');
  });

  it('cuts what is long, and tells that there was more', async () => {
    for (const code of [
      "'a' * 100_000\n",
      "for n in range(5_000): print('b' * 30)\n",
      "1 / 0 if print('c' * 999) else 1\n",
    ]) {
      const end = await session([code]);
      expect(end.outcome === 'ran' && end.shown[0]?.printed.length).toBe(mostShown + 1);
    }
    expect(await shown("raise ValueError('d' * 10_000)\n")).toHaveLength(mostShown + 1);
  });

  it('takes no more code than a call may hold', async () => {
    expect((await session(['x = 1\n'.repeat(10_000)])).outcome).toBe('refused');
  });

  it('has a piece forge its own result at most', async () => {
    const find = 'import sys; f = sys._getframe()\nwhile f.f_code.co_name != "session": f = f.f_back\n';
    const forged = `exec(${JSON.stringify(`${find}f.f_globals["_plain"] = lambda text: 7`)})\n`;
    expect(await session([forged])).toMatchObject({ outcome: 'crash', signal: 'forged-result' });
    expect((await session(['import os; os._exit(0)\n'])).outcome).toMatch(/crash|violation/);
    expect(await shown('double(1)\n')).toBe('2\n');
  });

  /** Looks for a mark in everything that can be reached: frames, modules, all objects, memory's own buffers, files. */
  const search = (halves: readonly [string, string]) =>
    `exec(${JSON.stringify(`
import gc, sys, os
mark = ${JSON.stringify(halves[0])} + ${JSON.stringify(halves[1])}
own = id(mark)
found = []
seen = set()
def look(thing, depth):
    if id(thing) in seen or id(thing) == own: return
    seen.add(id(thing))
    if isinstance(thing, str): hit = mark in thing
    elif isinstance(thing, (bytes, bytearray)): hit = mark.encode() in thing
    else: hit = False
    if hit: found.append(str(type(thing)))
    if depth == 0: return
    for other in gc.get_referents(thing): look(other, depth - 1)
frame = sys._getframe()
while frame is not None:
    for part in (frame.f_locals, frame.f_globals, frame.f_code): look(part, 3)
    frame = frame.f_back
for thing in gc.get_objects(): look(thing, 2)
for folder in ('/', '.', '/tmp', '/home', '/proc', '/proc/self', '/dev/shm'):
    try: names = os.listdir(folder)
    except OSError: continue
    for name in names:
        try: data = open(os.path.join(folder, name), 'rb').read(1 << 20)
        except (OSError, ValueError): continue
        if mark.encode() in data: found.append(name)
print(found)
`)})\n`;

  it('reaches what is in its scope and nothing that the sandbox ran before: no hidden program, call or output', async () => {
    const mark = ['zq7', 'hidden'] as const;
    const hidden = `def secret(x):\n    return x + '${mark.join('')}'\n`;
    const call = [{ type: 'str', value: mark.join('') }] as const;
    for (let time = 0; time < 3; time += 1) {
      await sandbox.run({ program: hidden, entry: 'secret', call }, signal);
      await sandbox.verify({ program: hidden, entry: 'secret', call }, signal);
    }
    const searched = async (scope: string) => {
      const end = await session([search(mark)], scope);
      return end.outcome === 'ran' ? end.shown[0] : end;
    };
    // The search finds what is there.
    expect(await searched(hidden)).toMatchObject({ raised: null, printed: expect.stringContaining('class') });
    expect(await searched('')).toEqual({ printed: '[]\n', raised: null });
  });
});

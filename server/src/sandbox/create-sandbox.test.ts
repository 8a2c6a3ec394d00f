import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyValue } from '../values/any-value.ts';
import { readCall } from '../values/literal-reader.ts';
import { writeValue } from '../values/literal-writer.ts';
import { identical } from '../values/relations.ts';
import { createSandbox } from './create-sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';
import { escapes } from './self-test.ts';

const { signal } = new AbortController();

const body = (lines: string) => `def f(x):\n${lines.replaceAll(/^/gm, '    ')}\n`;

/** Where the native backend cannot work (no bubblewrap, no user namespaces), what says so is tested instead. */
const whyNot = await createSandbox({ backend: 'native', env: process.env }, signal).then(
  (sandbox) => sandbox.close(),
  (error: unknown) => error,
);

if (whyNot !== undefined) {
  it('says why the native backend is not used here, and uses the other', async () => {
    console.warn(`The native sandbox is not tested here: ${String(whyNot)}`);
    expect(whyNot).toBeInstanceOf(SandboxError);
    const sandbox = await createSandbox({ env: process.env }, signal);
    expect(sandbox.backend.name).toBe('pyodide');
    expect(sandbox.choice).toContain((whyNot as SandboxError).message);
    await sandbox.close();
  });
}

describe.each(whyNot === undefined ? (['native', 'pyodide'] as const) : (['pyodide'] as const))(
  '%s',
  (backend) => {
    let sandbox: Sandbox;

    beforeAll(async () => {
      sandbox = await createSandbox({ backend, env: process.env }, signal);
    }, 120_000);
    afterAll(() => sandbox?.close());

    /** Runs `f` of a program; the outcome as one short text. */
    async function outcome(program: string, call = '(3,)', how: 'run' | 'verify' = 'run'): Promise<string> {
      const read = readCall(call);
      if (!read.ok) throw new TypeError(`${call} is no call`);
      const { cpuMs: _cpuMs, ...ran } = await sandbox[how]({ program, entry: 'f', call: read.value }, signal);
      if (ran.outcome === 'ok') return writeValue(ran.value);
      return Object.values(ran).join(' ');
    }

    describe('outcomes', () => {
      it.each([
        [
          'a value',
          body('return [x, {1: (2, None)}, 1.5, b"x", True]'),
          "[3, {1: (2, None)}, 1.5, b'x', True]",
        ],
        ['an exception', body('return x / 0'), 'exception ZeroDivisionError'],
        [
          'one of its own, as the nearest of Python',
          `class E(KeyError):\n    pass\n\n${body('raise E(x)')}`,
          'exception KeyError',
        ],
        ['an exit', body('raise SystemExit(0)'), 'exception SystemExit'],
        ['a generator', body('return (y for y in [x])'), 'unencodable generator'],
        ['an object', `class A:\n    pass\n\n${body('return A()')}`, 'unencodable object'],
        [
          'a subclass that lies',
          `class A(int):\n    __eq__ = lambda *a: True\n\n${body('return A(x)')}`,
          'unencodable object',
        ],
        ['a cycle', body('y = []\ny.append(y)\nreturn y'), 'unencodable depth'],
        [
          'a graph of 2⁴⁰ leaves',
          body('y = []\nfor _ in range(30): y = [y, y]\nreturn y'),
          'unencodable nodes',
        ],
        ['a long text', body('return "a" * 10_000_000'), 'unencodable size'],
        ['no syntax', 'def f(x) return x', 'refused syntax'],
        ['no entry', 'g = 1', 'refused no-entry'],
        ['an entry that cannot be called', 'f = 1', 'refused no-entry'],
        ['arguments that do not fit', 'def f(x, y):\n    return x', 'refused arguments'],
        ['a TypeError inside of the body', body('return x + "a"'), 'exception TypeError'],
        ['standard input', body('return input()'), 'exception EOFError'],
        ['printing', body('print("hello")\nreturn x'), '3'],
      ])('%s', async (_name, program, expected) => {
        expect(await outcome(program)).toBe(expected);
      });

      it('refuses source that is too long, has NUL bytes, or an entry that is no name', async () => {
        expect(await outcome(`${body('return x')}#${'a'.repeat(270_000)}`)).toBe('refused bad-record');
        expect(await outcome('def f(x):\0 return x')).toBe('refused syntax');
        const ran = await sandbox.run({ program: body('return x'), entry: 'f(1) or f', call: [] }, signal);
        expect(ran).toMatchObject({ outcome: 'refused', reason: 'no-entry' });
      });
    });

    describe('values', () => {
      it('come back as they went in', async () => {
        await fc.assert(
          fc.asyncProperty(anyValue, async (value) => {
            const ran = await sandbox.run({ program: body('return x'), entry: 'f', call: [value] }, signal);
            expect(ran.outcome).toBe('ok');
            if (ran.outcome === 'ok') expect(identical(ran.value, value)).toBe(true);
          }),
          { numRuns: 150 },
        );
      }, 60_000);
    });

    describe('limits', () => {
      it.each([
        ['an endless loop', body('while True: pass'), /limit cpu/],
        [
          'a loop that catches everything',
          body('while True:\n    try:\n        while True: pass\n    except BaseException: pass'),
          /limit (cpu|wall)/,
        ],
        ['an endless operation that asks nobody', body('return sum(range(10**12))'), /limit (cpu|wall)/],
        [
          'a backtracking expression',
          body('import re\nreturn re.match("(a+)+$", "a" * 40 + "b")'),
          /limit cpu/,
        ],
        ['a number without end', body('return 10 ** 10 ** 8'), /limit cpu/],
        ['memory without end', body('y = []\nwhile True: y.append([0] * 100_000)'), /limit memory/],
        ['recursion without end', body('return f(x)'), /exception RecursionError/],
        [
          'recursion with the limit taken off',
          body('import sys\nsys.setrecursionlimit(10**9)\ndef g(n): return g(n + 1)\nreturn g(0)'),
          /crash|exception|limit/,
        ],
        ['printing without end', body('while True: print("a" * 1000)'), /exception OSError|limit/],
      ])(
        '%s ends, and the next program runs',
        async (_name, program, expected) => {
          expect(await outcome(program)).toMatch(expected);
          expect(await sandbox.health(signal)).toBe(true);
        },
        40_000,
      );
    });

    describe('a program cannot get out', () => {
      const more = [
        {
          name: 'running JavaScript',
          program: 'def f():\n    from pyodide.code import run_js\n    run_js("1")\n    return True\n',
        },
        {
          name: 'mounting a folder of this machine',
          program:
            'def f():\n    import pyodide_js\n    pyodide_js.mountNodeFS("/h", "/")\n    return True\n',
        },
        {
          name: "this machine's folders",
          program:
            'def f():\n    import os\n    return os.path.exists("/usr/bin/env") or os.path.exists("/etc/passwd")\n',
        },
        {
          name: 'environment',
          program:
            'def f():\n    import os\n    return "PATH" in os.environ and "/root" in str(dict(os.environ))\n',
        },
        {
          name: 'fetching',
          program:
            'def f():\n    import urllib.request\n    urllib.request.urlopen("http://127.0.0.1:11434")\n    return True\n',
        },
        {
          name: 'a subprocess',
          program: 'def f():\n    import subprocess\n    subprocess.run(["true"])\n    return True\n',
        },
        {
          name: 'a thread',
          program:
            'def f():\n    import threading\n    threading.Thread(target=print).start()\n    return True\n',
        },
        {
          name: 'removing a file',
          program: 'def f():\n    import os\n    os.unlink("/lib/python314.zip")\n    return True\n',
        },
        {
          name: 'making a folder',
          program: 'def f():\n    import os\n    os.mkdir("/tmp/left")\n    return True\n',
        },
        {
          name: 'loading a library',
          program:
            'def f():\n    import ctypes\n    ctypes.CDLL("libc.so.6")\n    return ctypes.CDLL(None).getpid() > 1_000_000\n',
        },
        {
          name: 'leaving the process',
          program: 'def f():\n    import os\n    os._exit(0)\n    return True\n',
        },
      ];
      it.each([...escapes[backend], ...more])(
        '$name',
        async ({ program }) => {
          const result = await outcome(program, '()');
          expect(result).not.toBe('True');
          expect(await sandbox.health(signal)).toBe(true);
        },
        30_000,
      );
    });

    describe('a program cannot reach the next one', () => {
      it('by what it leaves in memory: its text, its arguments, its result', async () => {
        // Words are put together while programs run, so that only what runs them could hold the whole of one.
        await outcome(
          `# MARKPROGRAM7731\n${body('return [x, "".join(["MARK", "RESULT", "7731"])]')}`,
          "('MARKARGUMENT7731',)",
        );
        const places = ['id(object())', 'id("a" * 5000)', 'id([0] * 600)', 'id({})', 'allocated()'];
        const found = new Set<string>();
        // One place for each program: one that is not mapped ends it.
        for (const place of places) {
          for (let step = -5; step <= 5; step += 1) {
            const scan = `import ctypes

def allocated():
    malloc = ctypes.CDLL(None).malloc
    malloc.restype = ctypes.c_void_p
    return malloc(2000)

def f(x):
    start = (${place} // 262144 + x) * 262144
    words = ["".join(["MARK", name, "7731"]).encode() for name in ("PROGRAM", "ARGUMENT", "RESULT")]
    block = ctypes.string_at(start, 262144)
    found = []
    for word in words:
        at = block.find(word)
        while at != -1:
            if not 0 <= start + at - id(word) < 64:
                found.append(word.decode())
            at = block.find(word, at + 1)
    return sorted(set(found))
`;
            const said = await outcome(scan, `(${step},)`);
            for (const [word] of said.matchAll(/MARK\w+/g)) found.add(`${word} near ${place}`);
          }
        }
        expect([...found]).toEqual([]);
      });

      it('through the files that it opens, reads and closes', async () => {
        const seen = body(
          'import os\nseen = []\nfor fd in range(8):\n    try:\n        seen.append(os.lseek(fd, 0, 1))\n    except OSError:\n        seen.append(None)\nreturn [seen, os.open("/", 0)]',
        );
        const before = await outcome(seen);
        await outcome(body('import os, sys\nfd = os.open(sys.path[0], 0)\nos.read(fd, 100)\nreturn 1'));
        await outcome(body('import os\nos.open("/", 0)\nos.close(1)\nos.close(0)'));
        await outcome(body('import os\nfor n in range(20):\n    os.open("/", 0)'));
        expect(await outcome(seen)).toBe(before);
      });

      it.each([
        ['builtins', 'import builtins\nbuiltins.sorted = builtins.len = lambda *a: 7\nbuiltins.print = None'],
        ['modules', 'import math, sys\nmath.sqrt = lambda x: 7\nsys.modules["json"] = None'],
        [
          'the harness',
          'import sys\nfor frame in sys._current_frames().values():\n    while frame:\n        frame.f_globals.update(encode=lambda v: b"i7;", run=None)\n        frame = frame.f_back',
        ],
        ['settings', 'import sys\nsys.settrace(lambda *a: None)\nsys.setrecursionlimit(50)'],
        ['hooks', 'import sys, atexit\nsys.meta_path.clear()\natexit.register(print)'],
        ['memory', 'import ctypes\nctypes.memset(id(sorted), 0, 64)'],
        ['globals of its module', 'global left\nleft = 7'],
      ])('through %s', async (_name, lines) => {
        await outcome(body(`try:\n${lines.replaceAll(/^/gm, '    ')}\nfinally:\n    pass\nreturn x`));
        const check = body(
          'import json, math\nreturn [sorted([2, 1]), len("ab"), math.sqrt(4), json.dumps(x), "left" in globals()]',
        );
        expect(await outcome(check)).toBe("[[1, 2], 2, 2.0, '3', False]");
      });
    });

    describe('verify', () => {
      it.each([
        ['a random number', body('import random\nreturn random.random()')],
        ['a random number from the start', `import random\nn = random.random()\n\n${body('return n')}`],
        ['bytes of the system', body('import os\nreturn os.urandom(4)')],
        ['the order of a set', body('return list({"a", "b", "c", "d", "e"})')],
        ['a hash', body('return hash("abc")')],
        ['an address', body('return id([])')],
        ['a default text of an object', body('return repr(object())')],
        ['the time', body('import time\nreturn int(time.time())')],
        ['the day', body('import datetime\nreturn str(datetime.date.today())')],
        ['the time zone', body('import time\nreturn time.tzname[0]')],
        ['an environment variable', body('import os\nreturn os.environ["HOME"]')],
        ['a counter', `count = 0\n\n${body('global count\ncount += 1\nreturn count')}`],
        ['a default that grows', 'def f(x, seen=[]):\n    seen.append(x)\n    return len(seen)\n'],
        ['a set that is emptied from one end', body('return {"a", "b", "c", "d", "e", "f", "g"}.pop()')],
      ])(
        'finds that %s drifts',
        async (_name, program) => {
          expect(await outcome(program, '(3,)', 'verify')).toBe('drifts');
        },
        60_000,
      );

      it('passes what is deterministic', async () => {
        expect(await outcome(body('return sorted({str(n) for n in range(x)})'), '(4,)', 'verify')).toBe(
          "['0', '1', '2', '3']",
        );
        expect(await outcome(body('raise ValueError'), '(4,)', 'verify')).toBe('exception ValueError');
      }, 60_000);
    });

    describe('trace', () => {
      it('gives the lines that a call executes', async () => {
        const program = 'def f(x):\n    if x > 2:\n        return 1\n    return 2\n';
        const lines = (n: bigint) =>
          sandbox.trace({ program, entry: 'f', call: [{ type: 'int', value: n }] }, signal);
        expect(await lines(3n)).toEqual({ steps: 2, lines: [2, 3] });
        expect(await lines(1n)).toEqual({ steps: 2, lines: [2, 4] });
      });

      it('gives those before the call, too, where they are asked for', async () => {
        const program = 'A = 1\n\ndef g():\n    return A\n\ndef f(x):\n    return x\n\nB = g()\n';
        const execution = { program, entry: 'f', call: [{ type: 'none' }] as const };
        expect((await sandbox.cover(execution, signal)).lines).toEqual([1, 3, 4, 6, 7, 9]);
        expect((await sandbox.trace(execution, signal)).lines).toEqual([7]);
      });
    });

    describe('cancelling', () => {
      it('ends at once, for what runs and for what waits, and leaves a sandbox that works', async () => {
        const stop = new AbortController();
        const endless = { program: body('return sum(range(10**12))'), entry: 'f', call: [] as const };
        const waiting = [1, 2, 3].map(() =>
          sandbox.run({ ...endless, program: endless.program.replace('(x)', '()') }, stop.signal),
        );
        setTimeout(() => stop.abort(), 100);
        const begun = performance.now();
        const ended = await Promise.allSettled(waiting);
        expect(performance.now() - begun).toBeLessThan(1_000);
        expect(ended.every(({ status }) => status === 'rejected')).toBe(true);
        expect(await sandbox.health(signal)).toBe(true);
      }, 30_000);
    });

    describe('processes', () => {
      it('are replaced when killed from outside, and are all gone after close', async () => {
        const images = () =>
          execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(process.pid)], { encoding: 'utf8' })
            .split('\n')
            .filter((line) => line.includes(backend === 'native' ? 'bwrap' : 'hashSeed'))
            .map((line) => Number.parseInt(line, 10));
        const others = new Set(images());
        const mine = await createSandbox({ backend, env: process.env }, signal);
        const own = () => images().filter((pid) => !others.has(pid));
        // All: which of them runs the program is not known from here.
        const killAll = () => {
          for (const pid of own()) process.kill(pid, 'SIGKILL');
        };
        const doomed = mine.run(
          { program: body('while True: pass'), entry: 'f', call: [{ type: 'int', value: 1n }] },
          signal,
        );
        await new Promise((resolve) => setTimeout(resolve, 200));
        killAll();
        expect(await doomed).toMatchObject({ outcome: 'crash', signal: 'SIGKILL' });
        expect(await mine.health(signal)).toBe(true);
        // Those that have nothing to do are killed as well, and missed only when they are needed.
        expect(own()).not.toEqual([]);
        killAll();
        await new Promise((resolve) => setTimeout(resolve, 100));
        expect(await mine.health(signal)).toBe(true);
        await mine.close();
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect(own()).toEqual([]);
      }, 60_000);
    });
  },
);

import { execFileSync } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { backendsHere } from '../../../test/redteam/backends.ts';
import { told } from '../redteam/told.ts';
import { createSandbox } from './create-sandbox.ts';
import type { Sandbox } from './sandbox.ts';

const { signal } = new AbortController();
const three = [{ type: 'int', value: 3n }] as const;
const backends = await backendsHere();

describe.each(backends)('%s, given', (backend) => {
  let sandbox: Sandbox;
  beforeAll(async () => {
    sandbox = await createSandbox({ backend, env: process.env }, signal);
  });
  afterAll(() => sandbox?.close());
  const ended = async (program: string, entry = 'f') =>
    told(await sandbox.run({ program, entry, call: three }, signal));

  it.each([
    ['10 MB of source', `def f(x):\n    return x\n${'# long\n'.repeat(1_500_000)}`, 'refused bad-record'],
    ['NUL bytes', 'def f(x):\n    return x\n\0', 'refused syntax'],
    ['a byte order mark', '\uFEFFdef f(x):\n    return x\n', 'ok 3'],
    ['tabs', 'def f(x):\n\tif x:\n\t\treturn x\n', 'ok 3'],
    ['tabs and blanks mixed', 'def f(x):\n\tif x:\n        return x\n', 'refused syntax'],
    ['Windows line ends', 'def f(x):\r\n    return x\r\n', 'ok 3'],
    ['half of a surrogate pair', 'def f(x):\n    return "\ud800"\n', 'refused syntax'],
    ['the syntax of a Python to come', 'def f(x):\n    return x ?? 1\n', 'refused syntax'],
    ['the syntax of a Python that is gone', 'def f(x):\n    print x\n', 'refused syntax'],
    ['nothing', '', 'refused no-entry'],
    ['no entry', 'def g(x):\n    return x\n', 'refused no-entry'],
    ['an entry that cannot be called', 'f = 3\n', 'refused no-entry'],
    ['too few parameters', 'def f():\n    return 1\n', 'refused arguments'],
    ['too many parameters', 'def f(x, y):\n    return 1\n', 'refused arguments'],
    ['a parameter by name only', 'def f(*, x):\n    return 1\n', 'refused arguments'],
    [
      'a program that fails before its entry is there',
      '1 / 0\ndef f(x):\n    return x\n',
      'exception ZeroDivisionError',
    ],
  ])('%s', async (_name, program, expected) => {
    expect(await ended(program)).toBe(expected);
    expect(await sandbox.health(signal)).toBe(true);
  });

  it('an entry that is no name, or without end', async () => {
    expect(await ended('def f(x):\n    return x\n', 'f(1)')).toBe('refused no-entry');
    expect(await ended('def f(x):\n    return x\n', 'f'.repeat(10_000))).toBe('refused bad-record');
    expect(await ended('def f(x):\n    return x\n', '')).toBe('refused no-entry');
  });

  it('10,000 runs that are cancelled at once', async () => {
    const stop = new AbortController();
    const program = 'def f(x):\n    return x\n';
    const waiting = Array.from({ length: 10_000 }, () =>
      sandbox.run({ program, entry: 'f', call: three }, stop.signal),
    );
    const begun = performance.now();
    stop.abort();
    const ends = await Promise.allSettled(waiting);
    expect(performance.now() - begun).toBeLessThan(2_000);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(await sandbox.health(signal)).toBe(true);
  });

  it('more runs than it takes', async () => {
    const stop = new AbortController();
    const program = 'def f(x):\n    return x\n';
    const waiting = Array.from({ length: 20_100 }, () =>
      sandbox.run({ program, entry: 'f', call: three }, stop.signal),
    );
    await expect(waiting.at(-1)).rejects.toMatchObject({ reason: 'overloaded' });
    stop.abort();
    await Promise.allSettled(waiting);
    expect(await sandbox.health(signal)).toBe(true);
  });

  it('a machine that sleeps in mid-run', async () => {
    const program =
      'def f(x):\n    total = 0\n    for n in range(1_000_000):\n        total += n\n    return total\n';
    const running = sandbox.run({ program, entry: 'f', call: three }, signal);
    const processes = below(process.pid);
    for (const pid of processes) signalTo(pid, 'SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, 700));
    for (const pid of processes) signalTo(pid, 'SIGCONT');
    expect(told(await running)).toBe('ok 499999500000');
  });

  it('a person who waits, before all others', async () => {
    const slow = 'def f(x):\n    for n in range(100_000): pass\n    return x\n';
    const order: string[] = [];
    const usual = Array.from({ length: 20 }, async () => {
      await sandbox.run({ program: slow, entry: 'f', call: three }, signal);
      order.push('usual');
    });
    const urgent = sandbox.run({ program: slow, entry: 'f', call: three, urgent: true }, signal).then(() => {
      order.push('urgent');
    });
    await Promise.all([...usual, urgent]);
    expect(order.indexOf('urgent')).toBeLessThan(3);
  });

  it('no share of the processors: it holds what is not urgent until it gets one', async () => {
    sandbox.share(0);
    const program = 'def f(x):\n    return x\n';
    let done = false;
    const held = sandbox.run({ program, entry: 'f', call: three }, signal).then(() => {
      done = true;
    });
    expect(told(await sandbox.run({ program, entry: 'f', call: three, urgent: true }, signal))).toBe('ok 3');
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(done).toBe(false);
    sandbox.share(2);
    await held;
  });

  it('programs that use up their time again and again: they wait behind the others (row 55)', async () => {
    const limits = { cpuMs: 50, wallMs: 3_000 };
    const endless = 'def f(x):\n    while True: pass\n';
    const order: string[] = [];
    for (let count = 0; count < 3; count += 1)
      await sandbox.run({ program: endless, entry: 'f', call: three, limits }, signal);
    const runs = [endless, endless, 'def f(x):\n    return x\n', 'def f(x):\n    return -x\n'].map(
      async (program) => {
        await sandbox.run({ program, entry: 'f', call: three, limits }, signal);
        order.push(program === endless ? 'endless' : 'good');
      },
    );
    await Promise.all(runs);
    // The first of them had begun before the others came.
    expect(order).toEqual(['endless', 'good', 'good', 'endless']);
  });
});

describe('a machine', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'autodidact-machine-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  /** A folder for PATH with a program of this name in it. */
  async function programs(name: string, script: string): Promise<string> {
    const place = await mkdtemp(path.join(folder, 'bin-'));
    await writeFile(path.join(place, name), `#!/bin/sh\n${script}\n`);
    await chmod(path.join(place, name), 0o755);
    return place;
  }

  it('that forbids namespaces gets the other backend, and is told why', async () => {
    const first = await programs('bwrap', 'echo "bwrap: No permissions to create new namespace" >&2; exit 1');
    const env = { ...process.env, PATH: `${first}:${process.env['PATH']}` };
    const sandbox = await createSandbox({ env }, signal);
    expect(sandbox.backend.name).toBe('pyodide');
    expect(sandbox.choice).toContain('No permissions to create new namespace');
    await sandbox.close();
    await expect(createSandbox({ backend: 'native', env }, signal)).rejects.toMatchObject({
      reason: 'not-started',
    });
  });

  it.each(backends.includes('native') ? ['native'] : [])(
    'without that Python, or with too old a one, is told so by %s',
    async () => {
      await expect(
        createSandbox({ backend: 'native', python: '/no/such/python', env: process.env }, signal),
      ).rejects.toThrow('/no/such/python does not start inside of bubblewrap');
      const old = await programs(
        'python',
        `echo '{"executable":"/x","version":[3,8,1],"implementation":"cpython","prefixes":[],"files":[],"packages":[]}'`,
      );
      await expect(
        createSandbox({ backend: 'native', python: path.join(old, 'python'), env: process.env }, signal),
      ).rejects.toThrow('is cpython 3.8.1; CPython 3.10 or later is needed');
      const strange = await programs('python', 'echo "Hello"');
      await expect(
        createSandbox({ backend: 'native', python: path.join(strange, 'python'), env: process.env }, signal),
      ).rejects.toThrow('does not answer as Python does');
    },
  );

  it('whose kept snapshots are damaged makes them anew', async () => {
    const cache = path.join(folder, 'cache');
    const env = { AUTODIDACT_CACHE: cache };
    await (await createSandbox({ backend: 'pyodide', env }, signal)).close();
    const kept = path.join(cache, 'sandbox');
    const [name = ''] = await readdir(kept);
    await writeFile(path.join(kept, name), 'damaged');
    const sandbox = await createSandbox({ backend: 'pyodide', env }, signal);
    expect(await sandbox.health(signal)).toBe(true);
    await sandbox.close();
  });

  it('whose cache cannot be written starts all the same', async () => {
    const file = path.join(folder, 'a-file');
    await mkdir(folder, { recursive: true });
    await writeFile(file, '');
    const sandbox = await createSandbox({ backend: 'pyodide', env: { AUTODIDACT_CACHE: file } }, signal);
    expect(await sandbox.health(signal)).toBe(true);
    await sandbox.close();
  });
});

/** Every process below one, by `ps`. */
function below(root: number): number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number) as [number, number]);
  const found: number[] = [];
  const walk = (parent: number) => {
    for (const [pid, above] of rows) {
      if (above !== parent) continue;
      found.push(pid);
      walk(pid);
    }
  };
  walk(root);
  return found;
}

function signalTo(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // It ended meanwhile, as `ps` itself has.
  }
}

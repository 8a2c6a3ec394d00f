import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SandboxError } from '../sandbox-error.ts';
import { createWorkspaceSandbox } from './create-workspace-sandbox.ts';
import type { WorkspaceCommand, WorkspaceRan, WorkspaceSandbox } from './workspace-sandbox.ts';

const { signal } = new AbortController();

/** Where it cannot work, what says so is tested instead. */
const here = await createWorkspaceSandbox({ python: 'python3', env: process.env }, signal).catch(
  (error: unknown) => error as SandboxError,
);

if (here instanceof Error) {
  it('says what is missing', () => {
    console.warn(`Workspaces are not run here: ${here.message}`);
    expect(here).toBeInstanceOf(SandboxError);
  });
} else {
  describe('a command over a workspace', () => {
    let place = '';
    let sandbox: WorkspaceSandbox;

    beforeAll(async () => {
      sandbox = here;
      place = await mkdtemp(path.join(os.tmpdir(), 'autodidact-test-workspace-'));
      await mkdir(path.join(place, 'snapshot', 'tests'), { recursive: true });
      await writeFile(path.join(place, 'snapshot', 'thing.py'), 'def double(x):\n    return 2 * x\n');
      await writeFile(path.join(place, 'snapshot', 'tests', '__init__.py'), '');
      await writeFile(
        path.join(place, 'snapshot', 'tests', 'test_thing.py'),
        'import unittest\nfrom thing import double\n\n\nclass T(unittest.TestCase):\n    def test_two(self):\n        self.assertEqual(double(1), 2)\n',
      );
      await writeFile(path.join(place, 'beside.txt'), 'private');
    });
    afterAll(() => rm(place, { recursive: true, force: true }));

    const run = (
      args: readonly string[],
      more: Partial<WorkspaceCommand> = {},
      running = signal,
    ): Promise<WorkspaceRan> =>
      sandbox.run({ snapshot: path.join(place, 'snapshot'), args, ...more }, running);
    /** Runs lines of Python; what they write to the result, as text. */
    const python = async (lines: string, more: Partial<WorkspaceCommand> = {}): Promise<string> => {
      const program = `import os\nresult = open(os.environ['AUTODIDACT_RESULT'], 'w')\ndef tell(*things): print(*things, file=result, flush=True)\n${lines}`;
      const ran = await run(['-c', program], more);
      return `${'code' in ran ? ran.code : Object.values(ran).slice(0, 2).join(' ')}: ${new TextDecoder().decode(ran.result).trim()}`;
    };
    /** Whether something raises, by the name of what it raises. */
    const raised = (line: string, imports = 'os') =>
      python(
        `import ${imports}\ntry:\n    ${line}\n    tell('nothing')\nexcept Exception as error:\n    tell(type(error).__name__)`,
      );

    it('runs its tests with its interpreter, its modules and ours', async () => {
      const ran = await run(['-m', 'unittest', '-v']);
      expect(ran).toMatchObject({ outcome: 'exited', code: 0 });
      expect(ran.printed).toContain('test_two');
      expect(
        await python('import recorder\ntell(recorder.note(3))', {
          modules: { recorder: 'from thing import double\n\n\ndef note(x):\n    return double(x)\n' },
        }),
      ).toBe('0: 6');
      expect(await python('raise SystemExit(7)')).toBe('7: ');
    });

    it('may start threads and processes, and talk to itself', async () => {
      expect(
        await python(
          'import subprocess, sys, threading\nt = threading.Thread(target=lambda: tell("thread"))\nt.start(); t.join()\ntell(subprocess.run([sys.executable, "-c", "print(5)"], capture_output=True, text=True).stdout)',
        ),
      ).toBe('0: thread\n5');
      expect(
        await python(
          'import socket\na, b = socket.socketpair()\na.send(b"x")\ntell(b.recv(1))\nopen("/tmp/own", "w").write("y")\ntell(open("/tmp/own").read())',
        ),
      ).toBe("0: b'x'\ny");
    });

    it('cannot change the snapshot, nor see what stands beside it', async () => {
      expect(await raised("open('thing.py', 'a')")).toBe('0: OSError');
      expect(await raised("open('new.py', 'w')")).toBe('0: OSError');
      expect(await raised("os.remove('thing.py')")).toBe('0: OSError');
      expect(await raised("os.chmod('thing.py', 0o777)")).toBe('0: OSError');
      expect(await raised(`open('${place}/beside.txt')`)).toBe('0: FileNotFoundError');
      expect(await raised("open('../beside.txt')")).toBe('0: FileNotFoundError');
      expect(await readdir(path.join(place, 'snapshot'))).toEqual(['tests', 'thing.py']);
    });

    it('sees no file of a person and no environment', async () => {
      const own = ['.bashrc', '.profile', '.ssh', '.gitconfig', '.cache'].map((name) =>
        path.join(os.homedir(), name),
      );
      for (const file of ['/etc/passwd', '/etc/shadow', '/etc/hostname', '/var', '/run', '/sys', ...own])
        expect(await python(`tell(os.path.exists(${JSON.stringify(file)}))`)).toBe('0: False');
      expect(await python('tell(sorted(os.environ))')).toBe(
        `0: ${"['AUTODIDACT_RESULT', 'HOME', 'LANG', 'PATH', 'PWD', 'PYTHONDONTWRITEBYTECODE', 'PYTHONHASHSEED', 'PYTHONNOUSERSITE', 'PYTHONPATH', 'TMPDIR', 'TZ']"}`,
      );
    });

    it('leaves nothing for the next one', async () => {
      for (const folder of ['/tmp', '/dev/shm']) {
        expect(await python(`open('${folder}/left', 'w').write('x'); tell('written')`)).toBe('0: written');
        expect(await python(`tell(os.path.exists('${folder}/left'))`)).toBe('0: False');
      }
      for (const folder of ['/', '/dev', '/modules', '/workspace', '/usr/lib'])
        expect(await raised(`open('${folder}/left', 'w')`)).toBe('0: OSError');
    });

    it('has no network', async () => {
      const server = createServer(() => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      expect(await raised(`socket.create_connection(('127.0.0.1', ${port}), 2)`, 'socket')).toMatch(
        /ConnectionRefusedError|OSError/,
      );
      expect(await raised("socket.create_connection(('1.1.1.1', 53), 2)", 'socket')).toBe('0: OSError');
      // The host of a virtual machine is reached by a family of its own, which no namespace holds back.
      expect(await raised('socket.socket(40, socket.SOCK_STREAM)', 'socket')).toBe('0: OSError');
      server.close();
    });

    it('sees no other process', async () => {
      expect(await python("tell(len([p for p in os.listdir('/proc') if p.isdigit()]) < 4)")).toBe('0: True');
      expect(await raised(`os.kill(${process.pid}, 0)`)).toBe('0: ProcessLookupError');
    });

    it.each([
      ['a namespace', 'ctypes.CDLL(None).unshare(0x10000000)'],
      ['a mount', "ctypes.CDLL(None).mount(b'none', b'/tmp', b'tmpfs', 0, None)"],
      ['another process’s memory', 'ctypes.CDLL(None).ptrace(16, 1, 0, 0)'],
      ['keys', 'ctypes.CDLL(None).syscall(250 if os.uname().machine == "x86_64" else 219, 0, -1, 0)'],
      ['io_uring', 'ctypes.CDLL(None).syscall(425, 1, ctypes.create_string_buffer(200))'],
    ])('gets no %s', async (_name, call) => {
      expect(await python(`import ctypes\ntell(${call})`)).toBe('0: -1');
    });

    it('ends in time, with everything that it started', async () => {
      const mark = `autodidact-mark-${process.pid}`;
      const program = `import os, subprocess, sys, time\nsubprocess.Popen([sys.executable, '-c', 'import os, time; os.setsid(); time.sleep(600)', '${mark}'])\ntime.sleep(600)`;
      const ran = await run(['-c', program], { limits: { wallMs: 1_500 } });
      expect(ran).toMatchObject({ outcome: 'limit', limit: 'wall' });
      expect(ran.wallMs).toBeLessThan(4_000);
      expect(execFileSync('ps', ['-eo', 'args='], { encoding: 'utf8' })).not.toContain(mark);
    });

    it('is bounded in processor time, memory, processes, files and printing', async () => {
      expect(await python('while True: pass', { limits: { cpuMs: 1_000, wallMs: 20_000 } })).toBe(
        'limit cpu: ',
      );
      expect(
        await python(
          'try:\n    x = bytearray(2**30)\n    tell(len(x))\nexcept MemoryError:\n    tell("no memory")',
          { limits: { memoryMb: 256 } },
        ),
      ).toBe('0: no memory');
      // The kernel does not count the processes of root.
      expect(
        await python(
          'import time\ntry:\n    for n in range(100):\n        if os.fork() == 0: time.sleep(60)\nexcept OSError as error:\n    tell(type(error).__name__, n < 30)\n    os._exit(0)',
          { limits: { processes: 20, wallMs: 20_000 } },
        ),
      ).toBe(process.getuid?.() === 0 ? '0: ' : '0: BlockingIOError True');
      expect(
        await raised("[open(f'/tmp/{n}', 'wb').write(bytes(2**20)) for n in range(20)]").then((told) => told),
      ).toBe('0: nothing');
      expect(
        await python(
          "try:\n    for n in range(20): open(f'/tmp/{n}', 'wb').write(bytes(2**20))\nexcept OSError as error:\n    tell(n)",
          { limits: { tmpMb: 8, resultBytes: 100 } },
        ),
      ).toMatch(/^0: [78]$/);
      expect(await python("tell('x' * 2_000)", { limits: { resultBytes: 1_000 } })).toBe('limit output: ');
      const flood = await run(['-c', "print('x' * 10_000_000)"]);
      expect(flood).toMatchObject({ outcome: 'exited', code: 0 });
      expect(flood.printed).toHaveLength(65_536);
    });

    it('tells how it was cut off', async () => {
      expect(await python('import signal\nos.kill(os.getpid(), signal.SIGKILL)')).toBe('crash SIGKILL: ');
      expect(await python("tell('half')\nos.abort()")).toBe('crash SIGABRT: half');
    });

    it('is ended when nobody waits for it any more', async () => {
      const stop = new AbortController();
      const begun = performance.now();
      const running = run(['-c', 'import time; time.sleep(600)'], {}, stop.signal);
      setTimeout(() => stop.abort(), 300);
      await expect(running).rejects.toThrow('aborted');
      expect(performance.now() - begun).toBeLessThan(2_000);
    });

    it('uses the interpreter of a virtual environment', async () => {
      const environment = path.join(place, 'venv');
      execFileSync('python3', ['-m', 'venv', '--without-pip', environment]);
      const packages = (await readdir(path.join(environment, 'lib')))[0] ?? '';
      await writeFile(
        path.join(environment, 'lib', packages, 'site-packages', 'only_there.py'),
        'answer = 42\n',
      );
      const own = await createWorkspaceSandbox(
        { python: path.join(environment, 'bin', 'python'), env: process.env },
        signal,
      );
      const ran = await own.run(
        {
          snapshot: path.join(place, 'snapshot'),
          args: ['-c', 'import only_there; raise SystemExit(only_there.answer)'],
        },
        signal,
      );
      expect(ran).toMatchObject({ outcome: 'exited', code: 42 });
    });
  });
}

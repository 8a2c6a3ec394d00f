import type { Backend } from '../../../protocol/sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';

/** A way out that must be shut before anything else runs. The program returns True where it got through. */
export interface Escape {
  readonly name: string;
  readonly program: string;
}

/** An escape in one expression. */
function expression(name: string, imports: string, tried: string): Escape {
  return { name, program: `import ${imports}\n\n\ndef f():\n    return bool(${tried})\n` };
}

/** Tried on every backend. */
const everywhere: readonly Escape[] = [
  expression("this machine's files", 'os', "open('/etc/hostname').read()"),
  expression("this machine's folders", 'os', "os.path.exists('/etc/passwd') or os.path.exists('/var/log')"),
  expression("this machine's environment", 'os', "'PATH' in os.environ and '/bin' in os.environ['PATH']"),
  expression('a file for the next program', 'os', "open('/tmp/left', 'w').write('x') == 1"),
  expression('a socket', 'socket', 'socket.socket()'),
  expression('a process', 'os', "os.system('true') == 0"),
];

const ofPyodide: readonly Escape[] = [
  expression('the bridge to JavaScript', 'js', 'js.process'),
  expression(
    "the bridge's constructor",
    'pyodide_js',
    "pyodide_js.constructor.constructor('return process.pid')()",
  ),
  expression(
    'a proxy left in memory',
    'gc, pyodide.ffi',
    '[x for x in gc.get_objects() if isinstance(x, pyodide.ffi.JsProxy)][0].constructor',
  ),
  expression('foreign code', 'ctypes', 'ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1)() == 1'),
];

const ofNative: readonly Escape[] = [
  expression('the kernel', 'os', "any(map(os.path.exists, ['/proc', '/sys', '/dev/null', '/run']))"),
  expression('a copy of itself', 'os', 'os.fork() >= 0'),
  expression('a thread', 'threading', 'threading.Thread(target=print).start() is None'),
  expression('another process', 'os', 'os.kill(1, 0) is None'),
  expression("another process's memory", 'ctypes', 'ctypes.CDLL(None).ptrace(16, 1, 0, 0) == 0'),
  expression('a system call by its number', 'ctypes', 'ctypes.CDLL(None).syscall(39 + 18) >= 0'),
  expression('a namespace of its own', 'ctypes', 'ctypes.CDLL(None).unshare(0x10000000) == 0'),
  expression('a file in memory', 'os', "os.memfd_create('left') >= 0"),
  expression('a folder in memory', 'os', "open('/dev/shm/left', 'w').write('x') == 1"),
  expression('a file at the root', 'os', "open('/left', 'w').write('x') == 1"),
  expression('higher limits', 'resource', 'resource.setrlimit(resource.RLIMIT_AS, (-1, -1)) is None'),
];

export const escapes: Readonly<Record<Backend['name'], readonly Escape[]>> = {
  pyodide: [...everywhere, ...ofPyodide],
  native: [...everywhere, ...ofNative],
};

/** Tries to get out of a fresh sandbox. Rejects with `not-isolated` where a way is open, with `broken` where nothing runs. */
export async function selfTest(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  if (!(await sandbox.health(signal)))
    throw new SandboxError('broken', 'The sandbox gives wrong results. Reinstall Autodidact.');
  for (const { name, program } of escapes[sandbox.backend.name]) {
    const { outcome, ...rest } = await sandbox.run({ program, entry: 'f', call: [] }, signal);
    const value = 'value' in rest ? rest.value : undefined;
    if (outcome === 'ok' && !(value?.type === 'bool' && !value.value)) {
      throw new SandboxError(
        'not-isolated',
        `The sandbox lets programs reach ${name}; nothing will be run. Please report this.`,
      );
    }
  }
  if (!(await sandbox.health(signal)))
    throw new SandboxError('not-isolated', 'A program in the sandbox changed the next one.');
}

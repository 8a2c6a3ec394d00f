import type { Sandbox } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';

/** Ways out that must be shut before anything else runs. Each program returns True where it got through. */
export const escapes: readonly { readonly name: string; readonly program: string }[] = [
  { name: 'the bridge to JavaScript', program: 'def f():\n    import js\n    js.process\n    return True\n' },
  {
    name: "the bridge's constructor",
    program:
      "def f():\n    import pyodide_js\n    pyodide_js.constructor.constructor('return process.pid')()\n    return True\n",
  },
  {
    name: 'a proxy left in memory',
    program:
      'def f():\n    import gc\n    from pyodide.ffi import JsProxy\n    found = [x for x in gc.get_objects() if type(x) is JsProxy or isinstance(x, JsProxy)]\n    found[0].constructor\n    return True\n',
  },
  { name: "this machine's files", program: "def f():\n    return len(open('/etc/hostname').read()) > 0\n" },
  {
    name: 'a file for the next program',
    program: "def f():\n    open('/tmp/left', 'w').write('x')\n    return True\n",
  },
  { name: 'a socket', program: 'def f():\n    import socket\n    socket.socket()\n    return True\n' },
  { name: 'a process', program: "def f():\n    import os\n    return os.system('true') == 0\n" },
  {
    name: 'foreign code',
    program:
      'def f():\n    import ctypes\n    callback = ctypes.CFUNCTYPE(ctypes.c_int)(lambda: 1)\n    return callback() == 1\n',
  },
];

/** Tries to get out of a fresh sandbox. Rejects with `not-isolated` where a way is open, with `broken` where nothing runs. */
export async function selfTest(sandbox: Sandbox, signal: AbortSignal): Promise<void> {
  if (!(await sandbox.health(signal)))
    throw new SandboxError('broken', 'The sandbox gives wrong results. Reinstall Autodidact.');
  for (const { name, program } of escapes) {
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

import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { symlink } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  addFiles,
  type PythonEnvironment,
  pythonEnvironment,
} from '../../../test/support/python-environment.ts';
import { temporaryFolder } from '../../../test/support/temporary-folder.ts';
import { writeValue } from '../values/literal-writer.ts';
import { createSandbox, type SandboxOptions } from './create-sandbox.ts';
import { installedPackages } from './linux/installed-packages.ts';
import type { Sandbox } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';

const { signal } = new AbortController();

async function opened(options: SandboxOptions): Promise<Sandbox> {
  const sandbox = await createSandbox({ env: process.env, ...options }, signal);
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** What `f` of a program gives, as one short text. */
async function outcome(sandbox: Sandbox, program: string, how: 'run' | 'verify' = 'run'): Promise<string> {
  const { cpuMs: _, ...ran } = await sandbox[how]({ program, entry: 'f', call: [] }, signal);
  return ran.outcome === 'ok' ? writeValue(ran.value) : Object.values(ran).join(' ');
}

/** A program that gives an expression. */
const giving = (expression: string, imports = 'os, sys') =>
  `import ${imports}\n\n\ndef f():\n    return ${expression}\n`;

const isNative = await createSandbox({ backend: 'native', env: process.env }, signal).then(
  async (sandbox) => {
    await sandbox.close();
    return true;
  },
  (error: unknown) => {
    if (SandboxError.is(error)) return false;
    throw error;
  },
);

/** A compiled module of the standard library that is a file of its own; undefined where this Python has none. */
function compiledModule(): string | undefined {
  const asked = 'import sysconfig; print(sysconfig.get_path("platstdlib"))';
  const library = execFileSync('python3', ['-c', asked], { encoding: 'utf8' }).trim();
  const folder = path.join(library, 'lib-dynload');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const name = names.find((each) => /^_(heapq|json|queue|csv|lsprof)\./.test(each));
  return name === undefined ? undefined : path.join(folder, name);
}
const compiled = isNative ? compiledModule() : undefined;

describe.runIf(isNative)('a sandbox with packages', () => {
  const files = {
    'pure/__init__.py': 'from .inner import VALUE\n',
    'pure/inner.py': 'VALUE = 7\n',
    'single.py': 'import pure\nTWICE = 2 * pure.VALUE\n',
    // Names of the library's; no sandbox loads the second one by itself.
    'json.py': 'raise RuntimeError\n',
    'sched.py': 'raise RuntimeError\n',
    'some-1.0.dist-info/METADATA': 'Name: some\nVersion: 1.0\n',
    'other-2.0.dist-info/METADATA': 'Name: other\nVersion: 2.0\n',
  };
  const made = (more: Record<string, string | Uint8Array> = {}) => pythonEnvironment({ ...files, ...more });
  const withPackages = ({ python }: PythonEnvironment) =>
    opened({ backend: 'native', python, packages: true });

  it('imports what is installed, behind the standard library', { timeout: 60_000 }, async () => {
    const sandbox = await withPackages(await made());
    expect([...sandbox.packages].sort()).toEqual(['json', 'pure', 'sched', 'single']);
    expect(sandbox.choice).toBe('asked for; with 4 installed modules');
    expect(await outcome(sandbox, giving('single.TWICE', 'single'), 'verify')).toBe('14');
    expect(await outcome(sandbox, giving("json.loads('3')", 'json'))).toBe('3');
    expect(await outcome(sandbox, giving('sched.scheduler().empty()', 'sched'))).toBe('True');
    expect(
      await outcome(sandbox, giving("metadata.version('other')", 'importlib.metadata as metadata')),
    ).toBe("'2.0'");
    expect(await outcome(sandbox, giving('1', 'absent'))).toBe('exception ModuleNotFoundError');
    // Whatever a program does to a package, the next one finds it as it was.
    expect(await outcome(sandbox, giving("setattr(pure, 'VALUE', 1) or pure.VALUE", 'pure'))).toBe('1');
    expect(await outcome(sandbox, giving('pure.VALUE', 'pure'))).toBe('7');
  });

  it('finds that a package drifts', { timeout: 60_000 }, async () => {
    const sandbox = await withPackages(
      await made({ 'drifting.py': 'import time\nVALUE = int(time.time()) // 100\n' }),
    );
    expect(await outcome(sandbox, giving('drifting.VALUE', 'drifting'), 'verify')).toBe('drifts');
  });

  it('imports nothing of it unless asked to', { timeout: 60_000 }, async () => {
    const { python } = await made();
    const sandbox = await opened({ backend: 'native', python });
    expect(sandbox.packages.size).toBe(0);
    expect(sandbox.backend.version).toBe('1');
    expect(sandbox.choice).toBe('asked for');
    expect(await outcome(sandbox, giving('pure.VALUE', 'pure'))).toBe('exception ModuleNotFoundError');
    expect(await outcome(sandbox, giving("os.path.exists('/packages')"))).toBe('False');
    expect(await outcome(sandbox, giving("'packages' in str(sys.path)"))).toBe('False');
  });

  it('says so in its version, which changes with what is installed', { timeout: 60_000 }, async () => {
    const environment = await made();
    const versionOf = async () => (await withPackages(environment)).backend.version;
    const first = await versionOf();
    expect(first).toMatch(/^1\+packages\.[0-9a-f]{12}$/);
    await addFiles(environment.sitePackages, { 'late.py': '' });
    expect(await versionOf()).toBe(first);
    await addFiles(environment.sitePackages, { 'late-1.dist-info/METADATA': '' });
    expect(await versionOf()).not.toBe(first);
  });

  it('shows nothing else of the environment', { timeout: 60_000 }, async () => {
    const environment = await made();
    const { folder, sitePackages } = environment;
    await addFiles(folder, { 'secret.txt': 'no', 'bin/secret': 'no', 'lib/secret.txt': 'no' });
    await addFiles(sitePackages, { '../beside.txt': 'no', '../../beside.txt': 'no' });
    const secrets = ['secret.txt', 'bin/secret', 'bin/python', 'pyvenv.cfg', 'lib/secret.txt', ''].map(
      (name) => path.join(folder, name),
    );
    secrets.push(path.join(sitePackages, '../beside.txt'), path.join(sitePackages, 'single.py'));
    const sandbox = await withPackages(environment);
    const here = "os.path.dirname(sys.modules['single'].__file__)";
    const listed = giving(
      `[any(os.path.exists(place) for place in ${JSON.stringify(secrets)}), os.listdir(${here} + '/..'), os.listdir(${here} + '/../..'), os.path.exists(${here} + '/../beside.txt'), ${here}]`,
      'os, single, sys',
    );
    expect(await outcome(sandbox, listed)).toBe(
      "[False, ['site-packages'], ['0'], False, '/packages/0/site-packages']",
    );
  });

  it('runs no `.pth` file and follows no link out of the folder', { timeout: 60_000 }, async () => {
    const outside = await temporaryFolder({ 'linked/__init__.py': 'VALUE = 1\n' });
    const environment = await made({
      // Were it run while the interpreter is asked, that would fail.
      'evil.pth': `import sys; sys.ran = True\nimport os; os._exit(3)\n${outside}\n`,
      'zipped.egg-link': outside,
    });
    await symlink(path.join(outside, 'linked'), path.join(environment.sitePackages, 'linked'));
    await symlink('pure', path.join(environment.sitePackages, 'alias'));
    const sandbox = await withPackages(environment);
    expect([...sandbox.packages].sort()).toEqual(['alias', 'json', 'pure', 'sched', 'single']);
    expect(await outcome(sandbox, giving("hasattr(sys, 'ran')"))).toBe('False');
    expect(await outcome(sandbox, giving('linked.VALUE', 'linked'))).toBe('exception ModuleNotFoundError');
    expect(await outcome(sandbox, giving('alias.VALUE', 'alias'))).toBe('7');
  });

  it('lets nothing be written, removed or linked there', { timeout: 60_000 }, async () => {
    const sandbox = await withPackages(await made());
    for (const tried of [
      "open(here + '/new.py', 'w')",
      "open(here + '/single.py', 'r+')",
      "open(here + '/pure/__init__.py', 'a')",
      "os.remove(here + '/single.py')",
      "os.mkdir(here + '/new')",
      "os.rename(here + '/single.py', here + '/gone.py')",
      "os.symlink('/usr', here + '/new')",
      'os.chmod(here, 0o777)',
      "os.utime(here + '/single.py')",
    ]) {
      const program = `import os\nimport single\n\n\ndef f():\n    here = os.path.dirname(single.__file__)\n    return ${tried} is None\n`;
      expect(await outcome(sandbox, program), tried).toMatch(/^exception (OSError|PermissionError)$/);
    }
  });

  it('gives packages no more rights than programs', { timeout: 60_000 }, async () => {
    const tries = {
      'forking.py': 'import os\nVALUE = os.fork()\n',
      'threading_.py': 'import threading\nVALUE = threading.Thread(target=print).start()\n',
      'starting.py': "import subprocess\nVALUE = subprocess.run(['true'])\n",
      'dialling.py': 'import socket\nVALUE = socket.socket()\n',
      'reading.py': "VALUE = open('/etc/passwd')\n",
      'limits.py': 'import resource\nVALUE = resource.setrlimit(resource.RLIMIT_AS, (-1, -1))\n',
    };
    const sandbox = await withPackages(await made(tries));
    for (const name of Object.keys(tries)) {
      const module = name.replace('.py', '');
      expect(await outcome(sandbox, giving('1', module)), name).toMatch(/^exception \w+Error$/);
    }
    expect(await outcome(sandbox, giving('single.TWICE', 'single'))).toBe('14');
    expect(await outcome(sandbox, giving('sorted(os.environ)'))).toBe(
      "['HOME', 'LANG', 'PWD', 'PYTHONHASHSEED', 'TZ']",
    );
  });

  it.runIf(compiled)('loads compiled modules', { timeout: 60_000 }, async () => {
    const name = path.basename(compiled ?? '');
    const environment = await made({
      'native/__init__.py': '',
      [`native/${name}`]: readFileSync(compiled ?? ''),
    });
    const module = `native.${name.split('.')[0]}`;
    const sandbox = await withPackages(environment);
    expect(await outcome(sandbox, giving(`${module}.__file__`, module), 'verify')).toBe(
      `'/packages/0/site-packages/native/${name}'`,
    );
  });

  it('goes on without where nothing is installed, and says so', { timeout: 60_000 }, async () => {
    const sandbox = await withPackages(await pythonEnvironment({}));
    expect(sandbox.choice).toBe('asked for; no packages are installed in its Python');
    expect(sandbox.backend.version).toBe('1');
    expect(await outcome(sandbox, giving('1'))).toBe('1');
  });
});

it('goes on without on Pyodide, and says what packages need', { timeout: 120_000 }, async () => {
  const sandbox = await opened({ backend: 'pyodide', packages: true });
  expect(sandbox.choice).toBe('asked for; installed packages need the native sandbox');
  expect(sandbox.packages.size).toBe(0);
});

describe('installedPackages', () => {
  it('knows modules by their names, and nothing that is none', async () => {
    const folder = await temporaryFolder({
      'site-packages/six.py': '',
      'site-packages/_cffi_backend.cpython-311-x86_64-linux-gnu.so': '',
      'site-packages/fast.abi3.so': '',
      'site-packages/plain.so': '',
      'site-packages/numpy/__init__.py': '',
      'site-packages/numpy.libs/libblas.so': '',
      'site-packages/__pycache__/six.cpython-311.pyc': '',
      'site-packages/numpy-1.0.dist-info/RECORD': '',
      'site-packages/README': '',
      'site-packages/distutils-precedence.pth': '',
      'site-packages/not-a-name.py': '',
    });
    const { modules, folders } = await installedPackages([path.join(folder, 'site-packages')], signal);
    expect([...modules].sort()).toEqual(['_cffi_backend', 'fast', 'numpy', 'plain', 'six']);
    expect(folders).toEqual([path.join(folder, 'site-packages')]);
  });

  it('takes no other folder, whatever an interpreter answers', async () => {
    const folder = await temporaryFolder({
      '.ssh/id.py': '',
      'private/site-packages.txt': '',
      'file/site-packages': '',
    });
    await addFiles(folder, { 'links/readme.py': '' });
    await symlink(path.join(folder, '.ssh'), path.join(folder, 'links', 'site-packages'));
    const named = ['.ssh', 'private', 'links/site-packages', 'file/site-packages', 'none/site-packages'].map(
      (name) => path.join(folder, name),
    );
    expect(await installedPackages(named, signal)).toMatchObject({ folders: [], modules: new Set() });
  });
});

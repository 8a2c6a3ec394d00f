import os from 'node:os';
import path from 'node:path';
import type { Limits } from '../../../protocol/sandbox.ts';
import { cacheFolder } from '../cache-folder.ts';
import type { ImageBackend, StartImage } from './program/image.ts';
import { Lane } from './program/lane.ts';
import { nativeBackend } from './program/native/native-backend.ts';
import { pyodideBackend } from './program/pyodide/pyodide-backend.ts';
import { Share } from './program/share.ts';
import type { Sandbox } from './sandbox.ts';
import { SandboxError } from './sandbox-error.ts';
import { closeLanes, sandboxOf } from './sandbox-of-lanes.ts';
import { selfTest } from './self-test.ts';

export interface SandboxOptions {
  /** `auto`, the default, takes `native` where that starts and proves itself, else `pyodide`. */
  readonly backend?: 'auto' | 'native' | 'pyodide';
  /** The interpreter of the native backend: a name or a path. `python3` where absent. */
  readonly python?: string;
  /**
   * Whether programs may import what is installed in the interpreter of the native backend; not by default. Where that is not
   * to be had, `choice` says why, and the sandbox goes on without.
   */
  readonly packages?: boolean;
  /** Where programs are found, and where the cache is: `PATH`, `AUTODIDACT_CACHE`, `XDG_CACHE_HOME`. */
  readonly env?: NodeJS.ProcessEnv;
  /** Bounds of a run that asks for none. */
  readonly limits?: Partial<Limits>;
}

/**
 * Starts the sandbox. Rejects with `SandboxError` where no backend starts, or where the self-test of the last one gets out.
 * Only the first image starts at once; the others start with the first `verify` that needs them.
 */
export async function createSandbox(
  { backend = 'auto', python = 'python3', packages = false, env = {}, limits = {} }: SandboxOptions,
  signal: AbortSignal,
): Promise<Sandbox> {
  let choice = backend === 'auto' ? '' : 'asked for';
  if (backend !== 'pyodide') {
    try {
      const native = await nativeBackend({ python, packages, env }, signal);
      const why = choice === '' ? 'the fastest that works here' : choice;
      return await started(native, packages ? `${why}; ${tellPackages(native)}` : why, limits, signal);
    } catch (error) {
      if (backend === 'native' || !SandboxError.is(error)) throw error;
      choice = `native does not work here: ${error.message}`;
    }
  }
  const pyodide = pyodideBackend(path.join(cacheFolder(env), 'sandbox'));
  return started(pyodide, packages ? `${choice}; ${tellPackages(pyodide)}` : choice, limits, signal);
}

/** What became of the wish to have installed packages. */
function tellPackages({ name, packages }: ImageBackend): string {
  if (name === 'pyodide') return 'installed packages need the native sandbox';
  return packages.size === 0
    ? 'no packages are installed in its Python'
    : `with ${packages.size} installed modules`;
}

/** A sandbox that has shown that nothing gets out. */
async function started(
  backend: ImageBackend,
  choice: string,
  asked: Partial<Limits>,
  signal: AbortSignal,
): Promise<Sandbox> {
  const limits = { ...backend.limits, ...asked };
  const { each, further } = backend.images(limits);
  const share = new Share(os.availableParallelism());
  const lane = (start: StartImage, spare = false) => new Lane(start, { share, spare });
  const lanes = {
    // What runs once runs here, so what ends its image does, too.
    first: lane(each[0], true),
    others: each.slice(1).map((start) => lane(start)),
    further: lane(further),
  };
  try {
    const { version, python } = await lanes.first.image();
    const sandbox = sandboxOf({ name: backend.name, version, python }, choice, lanes, {
      limits,
      share,
      packages: backend.packages,
    });
    await selfTest(sandbox, signal);
    return sandbox;
  } catch (error) {
    await closeLanes(lanes);
    throw error;
  }
}

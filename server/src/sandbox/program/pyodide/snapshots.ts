import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { asset, entryPoint } from '../../../entry-point.ts';
import { whenReady } from '../image-process.ts';
import type { ImageVariant } from '../image-variants.ts';
import type { SnapshotMessage, SnapshotOptions } from './messages.ts';
import { foldersOf, pyodideFiles } from './pyodide-files.ts';
import { startChild } from './start-child.ts';

/** How long starting an interpreter from nothing may take on a slow machine, milliseconds. */
const makeMs = 60_000;

/** Memories of interpreters that are ready for programs: made once on a machine, about 7 MB each, then kept in a folder. */
export class Snapshots {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The snapshot of a variant: kept, or made now. Rejects with `SandboxError`, `not-started`, where it cannot be made. */
  async of(variant: ImageVariant, signal: AbortSignal): Promise<Uint8Array> {
    const file = await this.#file(variant);
    const kept = await readFile(file).catch(() => undefined);
    if (kept !== undefined) return kept;
    const made = await make(variant, signal);
    await this.#keep(file, made);
    return made;
  }

  /** Removes the snapshot of a variant, which no interpreter could start with. */
  async forget(variant: ImageVariant): Promise<void> {
    await rm(await this.#file(variant), { force: true });
  }

  /** Named by all that decides it, so that none is ever taken for another one. */
  async #file(variant: ImageVariant): Promise<string> {
    const version = createHash('sha256');
    for (const part of [
      path.join(asset('pyodide'), 'package.json'),
      asset('python-stdlib.zip'),
      asset('harness.py'),
      entryPoint('sandbox-snapshot'),
    ])
      version.update(await readFile(part));
    const name = createHash('sha256').update(JSON.stringify(variant)).digest('hex').slice(0, 16);
    return path.join(this.#folder, `pyodide-${version.digest('hex').slice(0, 16)}-${name}.zst`);
  }

  /** Where it cannot be kept, it is made again the next time. */
  async #keep(file: string, made: Uint8Array): Promise<void> {
    const temporary = `${file}.${randomBytes(4).toString('hex')}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(temporary, made, { mode: 0o600 });
      await rename(temporary, file);
      await this.#sweep(path.basename(file));
    } catch {
      await rm(temporary, { force: true }).catch(() => undefined);
    }
  }

  /** Removes what other versions left. */
  async #sweep(name: string): Promise<void> {
    const version = name.slice(0, name.lastIndexOf('-'));
    for (const other of await readdir(this.#folder)) {
      if (other.startsWith('pyodide-') && !other.startsWith(`${version}-`))
        await rm(path.join(this.#folder, other), { force: true });
    }
  }
}

async function make(variant: ImageVariant, signal: AbortSignal): Promise<Uint8Array> {
  const files = pyodideFiles();
  const harness = asset('harness.py');
  const child = startChild({
    program: entryPoint('sandbox-snapshot'),
    options: { ...files, harness, variant } satisfies SnapshotOptions,
    folders: [...foldersOf(files), path.dirname(harness)],
    timeZone: variant.timeZone,
  });
  const listen = (ready: (made: Uint8Array) => void) => {
    const take = (message: SnapshotMessage) => ready(message.bytes);
    child.on('message', take);
    return () => child.off('message', take);
  };
  return whenReady(child, { name: 'its snapshot', withinMs: makeMs }, listen, signal);
}

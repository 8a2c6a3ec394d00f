import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Engine, type EngineParts } from './engine.ts';

/** A workspace folder as LSP names it. */
export interface FolderName {
  readonly uri: string;
  readonly name: string;
}

/** A file of the workspace as an engine names it. */
export interface FilePlace {
  readonly engine: Engine;
  /** Path within the engine's folder, with forward slashes. */
  readonly file: string;
}

/** The engines of a window, one per workspace folder on disk. */
export class Folders {
  readonly #engines = new Map<string, Engine>();
  readonly #parts: Pick<EngineParts, 'env' | 'log' | 'onChange'>;
  #follow = false;

  constructor(parts: Pick<EngineParts, 'env' | 'log' | 'onChange'>) {
    this.#parts = parts;
  }

  /** In the order in which the client names them. */
  all(): Engine[] {
    return [...this.#engines.values()];
  }

  engine(uri: string): Engine | undefined {
    return this.#engines.get(uri);
  }

  /** Takes folders in; a folder that is not on disk is left out. The engines have yet to be read. */
  add(folders: readonly FolderName[]): Engine[] {
    const added: Engine[] = [];
    for (const { uri, name } of folders) {
      const folder = diskPath(uri);
      if (folder === undefined || this.#engines.has(uri)) continue;
      const engine = new Engine({ ...this.#parts, uri, name, folder: path.resolve(folder) });
      void engine.follow(this.#follow);
      this.#engines.set(uri, engine);
      added.push(engine);
    }
    return added;
  }

  /** Whether somebody looks at the tasks: while so, the engines read what other processes write. */
  async follow(on: boolean): Promise<void> {
    this.#follow = on;
    await Promise.all(this.all().map((engine) => engine.follow(on)));
  }

  /** Ends what goes on with these folders and lets go of them. */
  async remove(uris: readonly string[]): Promise<void> {
    const engines = uris.flatMap((uri) => this.#engines.get(uri) ?? []);
    for (const uri of uris) this.#engines.delete(uri);
    await Promise.all(engines.map((engine) => engine.close()));
  }

  /** The folders that hold a file, the innermost first: folders of one window may lie inside each other. */
  holding(fileUri: string): FilePlace[] {
    const file = diskPath(fileUri);
    if (file === undefined) return [];
    return this.all()
      .flatMap((engine) => {
        const inside = path.relative(engine.folder, file);
        if (inside === '' || inside.split(path.sep)[0] === '..' || path.isAbsolute(inside)) return [];
        return { engine, file: inside.split(path.sep).join('/') };
      })
      .sort((one, other) => one.file.length - other.file.length);
  }
}

function diskPath(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    // Not a path on this machine, such as a share's on a system without shares.
    return undefined;
  }
}

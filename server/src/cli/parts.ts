import { stat } from 'node:fs/promises';
import path from 'node:path';
import { connect } from '../model/connect.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { ensureModel } from '../model/ensure-model.ts';
import { ollamaEndpoint } from '../model/ollama.ts';
import type { ModelProgress } from '../model/pull.ts';
import { createSandbox } from '../sandbox/create-sandbox.ts';
import { interpreterOf } from '../sandbox/folder-python.ts';
import type { Sandbox } from '../sandbox/sandbox.ts';
import type { Revive } from '../selfplay/outage.ts';
import { openStore } from '../store/open-store.ts';
import type { Store } from '../store/store.ts';
import { storePath } from '../store/store-path.ts';
import { type CliContext, CliError } from './context.ts';
import { progressLine } from './progress-line.ts';

/** The model that the command line uses where none is named: small enough for two cores. */
export const defaultModel = 'smollm2:135m';

/** What a person chose about the sandbox. */
export interface SandboxFlags {
  readonly backend: 'auto' | 'native' | 'pyodide';
  readonly python?: string;
  /** Whether programs may import what is installed in that interpreter. */
  readonly packages?: boolean;
}

/** Opens the sandbox; a parameter of commands, so that they are the same whatever runs the code. */
export type OpenSandbox = (
  flags: SandboxFlags & { readonly folder?: string },
  context: CliContext,
) => Promise<Sandbox>;

/** The sandbox with the interpreter that a person named, else the folder's own, else the one on PATH. */
export const openSandbox: OpenSandbox = async (flags, { env, stderr, signal }) => {
  const { backend, packages = false, folder } = flags;
  const python = await interpreterOf(flags.python ?? '', folder);
  const sandbox = await createSandbox({ backend, python, packages, env }, signal);
  if (packages && sandbox.packages.size === 0)
    stderr.write(`Programs go without installed packages: ${sandbox.choice}.\n`);
  else if (flags.python !== undefined && sandbox.backend.name === 'pyodide')
    stderr.write(`${flags.python} is not used: ${sandbox.choice}.\n`);
  return sandbox;
};

/** Absolute path of a folder that a person named. Rejects with `missing` where there is none. */
export async function existingFolder(named: string, { cwd }: CliContext): Promise<string> {
  const folder = path.resolve(cwd, named);
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) throw new CliError('missing', `There is no folder ${folder}. Check the path.`);
  if (!found.isDirectory())
    throw new CliError('missing', `${folder} is a file. Name the folder that holds the code.`);
  return folder;
}

/** Opens the store of a folder, or the one in `--store DIR`. */
export async function openFolderStore(
  folder: string,
  storeFolder: string | undefined,
  { env, stderr }: CliContext,
): Promise<Store> {
  const file = await storePath(folder, { env, ...(storeFolder === undefined ? {} : { storeFolder }) });
  const store = await openStore({ path: file });
  if (store.putAside !== undefined) {
    stderr.write(`The records were damaged. They are kept in ${store.putAside}; new ones were begun.\n`);
  }
  return store;
}

/** A model that is ready to be asked, and the way to let go of its server. */
export interface ReadyModel {
  readonly endpoint: Endpoint;
  /** Starts a server of ours again that ended. */
  readonly revive: Revive;
  close(): Promise<void>;
}

/** Connects to Ollama, or starts it, and sees that it has the model; says on stderr what takes time. */
export async function readyModel(
  model: string,
  { offline, keep }: { readonly offline: boolean; readonly keep: boolean },
  { env, stderr, signal }: CliContext,
): Promise<ReadyModel> {
  const connection = await connect({ env, keep }, signal);
  const connections = [connection];
  const revive = async () => connections.push(await connect({ env, keep }, signal));
  const close = async () => {
    for (const each of connections) await each.close();
  };
  const endpoint = ollamaEndpoint({ host: connection.host });
  const ggufFile = model === defaultModel ? env['AUTODIDACT_MODEL_FILE'] : undefined;
  const line = progressLine(stderr);
  try {
    const onProgress = ({ how, doneBytes, totalBytes }: ModelProgress) => {
      const verb = how === 'pull' ? 'Pulling' : 'Creating';
      line.update(`${verb} ${model}: ${megabytes(doneBytes)} of ${megabytes(totalBytes)} MB`);
    };
    const file = ggufFile === undefined ? {} : { ggufFile };
    await ensureModel(model, { host: connection.host, offline, onProgress, ...file }, signal);
  } catch (error) {
    await close();
    throw error;
  }
  line.done();
  return { endpoint, revive, close };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

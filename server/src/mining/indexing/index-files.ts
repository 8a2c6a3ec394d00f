import { availableParallelism } from 'node:os';
import { readCode } from '../files/read-code.ts';
import { overlap } from '../overlap.ts';
import { createPacer } from '../pacer.ts';
import type { LoadOptions } from '../workspace.ts';
import { type FileIndex, indexDocument, indexModule } from './file-index.ts';
import { type IndexAnswer, type IndexedDocument, IndexThreads } from './index-threads.ts';
import { addWantedNames, type WantedNames } from './wanted-names.ts';

/** Fewer files than this are indexed sooner than a thread has started. */
const fewFiles = 24;
/** More threads than this wait for the disk. */
const maxThreads = 8;
/** Files that a thread is given at a time: it must not wait for the next, and no result be large. */
const filesAtATime = 8;

export interface IndexOptions extends LoadOptions {
  /** Files that were edited: they come first, and from the trees that are kept of them. */
  readonly edited?: ReadonlySet<string> | undefined;
}

/**
 * Indexes files of a folder: where they are many in threads, as many as there are processors, so that whoever shares this thread
 * stays responsive. The names that the workspace defines are found first, by its words.
 */
export async function* indexFiles(
  files: readonly string[],
  documents: readonly string[],
  options: IndexOptions,
  signal: AbortSignal,
): AsyncGenerator<FileIndex | IndexedDocument> {
  // No more of what was given: the rest cannot be sent to a thread.
  const bounds = { folder: options.folder, maxFileBytes: options.maxFileBytes, packages: options.packages };
  const isFew = files.length + documents.length < fewFiles;
  const isHere = (file: string) => isFew || options.edited?.has(file) === true;
  const here = files.filter(isHere);
  const names = wantedNames(files, bounds, signal);
  if (here.length > 0 || isFew) {
    const wanted = await names;
    for (const file of here) yield await indexModule(file, options, wanted, signal);
    for (const file of isFew ? documents : [])
      yield { ok: 'document', file, ...(await indexDocument(file, bounds, wanted, signal)) };
  }
  if (!isFew)
    yield* indexInThreads(
      files.filter((file) => !isHere(file)),
      documents,
      { bounds, names },
      signal,
    );
}

async function* indexInThreads(
  files: readonly string[],
  documents: readonly string[],
  { bounds, names }: { readonly bounds: LoadOptions; readonly names: Promise<WantedNames> },
  signal: AbortSignal,
): AsyncGenerator<FileIndex | IndexedDocument> {
  const count = Math.min(maxThreads, availableParallelism());
  const threads = new IndexThreads(count, bounds);
  const stop = () => void threads.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    // They start while the names are read.
    threads.want(await names);
    const parts: (() => Promise<IndexAnswer>)[] = [
      ...inParts(files).map((part) => async () => threads.modules(part)),
      ...inParts(documents).map((part) => async () => threads.documents(part)),
    ];
    for await (const part of overlap(parts, 2 * count)) {
      signal.throwIfAborted();
      yield* part;
    }
  } catch (error) {
    // Threads that an abort ended say no more than that they ended.
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
    await threads.close();
  }
}

async function wantedNames(
  files: readonly string[],
  bounds: LoadOptions,
  signal: AbortSignal,
): Promise<WantedNames> {
  const wanted: WantedNames = { functions: new Set(), units: new Set() };
  const pace = createPacer(signal);
  const tasks = files.map((file) => () => readCode(file, bounds, signal));
  for await (const read of overlap(tasks, filesAtATime)) {
    await pace();
    if (read.ok) addWantedNames(read.source.text, wanted);
  }
  return wanted;
}

function inParts(files: readonly string[]): string[][] {
  const parts: string[][] = [];
  for (let at = 0; at < files.length; at += filesAtATime) parts.push(files.slice(at, at + filesAtATime));
  return parts;
}

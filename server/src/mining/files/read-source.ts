import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** A text file as it was at one moment. */
export interface Source {
  /** Without byte order mark, lines ended by `\n`. */
  readonly text: string;
  /** SHA-256 of the file's bytes, hex. */
  readonly hash: string;
}

/** What was read, or why nothing was. */
export type SourceRead =
  | { readonly ok: true; readonly source: Source }
  | { readonly ok: false; readonly loss: 'unreadable' | 'not-utf8' | 'too-large'; readonly detail: string };

/** Reads a text file of at most `maxBytes`. Never throws for what the file is; rejects only when aborted. */
export async function readSource(path: string, maxBytes: number, signal: AbortSignal): Promise<SourceRead> {
  let bytes: Buffer;
  try {
    const read = await readBytes(path, maxBytes, signal);
    if (typeof read === 'number') {
      return { ok: false, loss: 'too-large', detail: `${read} bytes, ${maxBytes} allowed` };
    }
    bytes = read;
  } catch (error) {
    signal.throwIfAborted();
    return { ok: false, loss: 'unreadable', detail: errorCode(error) };
  }
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll(/\r\n?/g, '\n');
    return { ok: true, source: { text, hash: createHash('sha256').update(bytes).digest('hex') } };
  } catch {
    return { ok: false, loss: 'not-utf8', detail: 'bytes that are no UTF-8' };
  }
}

/** The file's bytes, or its size where that is above the limit. The limit holds while a file grows, too. */
async function readBytes(path: string, maxBytes: number, signal: AbortSignal): Promise<Buffer | number> {
  let file: FileHandle | undefined;
  try {
    // Without waiting: a named pipe in a file's place would hold us for ever.
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await file.stat();
    if (!stat.isFile()) throw Object.assign(new Error('Not a regular file.'), { code: 'not a regular file' });
    if (stat.size > maxBytes) return stat.size;
    signal.throwIfAborted();
    const buffer = Buffer.alloc(stat.size);
    const { bytesRead } = await file.read(buffer, 0, stat.size, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file?.close();
  }
}

function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : String(error);
}

import type { FileHandle } from 'node:fs/promises';

const chunkBytes = 64 * 1024;
const lineEnd = 0x0a;

/** The length of a file up to and with its last line end; 0 where it has none. */
export async function lastLineEnd(handle: FileHandle, size: number): Promise<number> {
  for (let end = size; end > 0; end -= chunkBytes) {
    const start = Math.max(0, end - chunkBytes);
    const at = (await readRange(handle, start, end)).lastIndexOf(lineEnd);
    if (at >= 0) return start + at + 1;
  }
  return 0;
}

/**
 * The last lines of a file that ends with a line end, without their line ends: at most `lines` of them, and none that
 * begins more than `bytes` before the end except the very last one.
 */
export async function lastLines(
  handle: FileHandle,
  size: number,
  limits: { readonly lines: number; readonly bytes: number },
): Promise<string[]> {
  const found: string[] = [];
  for (let end = size; end > 0 && found.length < limits.lines; ) {
    const start = await lastLineEnd(handle, end - 1);
    if (found.length > 0 && size - start > limits.bytes) break;
    found.unshift((await readRange(handle, start, end - 1)).toString('utf8'));
    end = start;
  }
  return found;
}

async function readRange(handle: FileHandle, start: number, end: number): Promise<Buffer> {
  const range = Buffer.alloc(end - start);
  for (let filled = 0; filled < range.length; ) {
    const { bytesRead } = await handle.read(range, filled, range.length - filled, start + filled);
    if (bytesRead === 0) return range.subarray(0, filled);
    filled += bytesRead;
  }
  return range;
}

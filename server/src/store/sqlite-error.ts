import { StoreError, type StoreReason } from './store-error.ts';

const elsewhere = 'or name another place with --store.';
const isLocked = ['locked', 'Another process holds it. Close the other one and try again.'] as const;

/** SQLite's primary result codes (sqlite.org/rescode.html) that mean something to a person. */
const meanings: Readonly<Record<number, readonly [StoreReason, string]>> = {
  5: isLocked,
  6: isLocked,
  8: ['read-only', `It cannot be written. Make it writable, ${elsewhere}`],
  10: ['failed', `The disk failed to read or write it. Check the disk, ${elsewhere}`],
  11: ['corrupt', 'It is damaged. Start again: it will be put aside and a new one begun.'],
  13: ['disk-full', 'The disk is full. Free some room; everything recorded so far is kept.'],
  14: ['read-only', `It cannot be opened. Check that its folder is writable, ${elsewhere}`],
  26: ['corrupt', 'It is no database. Start again: it will be put aside and a new one begun.'],
};

/** An error as a `StoreError`, by SQLite's code where it has one. */
export function asStoreError(error: unknown, path: string): StoreError {
  if (error instanceof StoreError) return error;
  const code = (error as { errcode?: unknown }).errcode;
  const meaning = typeof code === 'number' ? meanings[code & 0xff] : undefined;
  if (meaning !== undefined) return new StoreError(meaning[0], `${path}: ${meaning[1]}`);
  return new StoreError('failed', `${path}: ${error instanceof Error ? error.message : String(error)}`);
}

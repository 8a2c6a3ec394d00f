import { createHash, randomUUID } from 'node:crypto';

/** Id of a record that is the same thing whenever it holds the same content: 16 hex digits of SHA-256. */
export function contentId(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
}

/** Id of a record that happened once: a run, a group, a review. */
export function eventId(): string {
  return randomUUID();
}

import type { Outgoing } from '../store/store.ts';

/** A group on its way out: one line of NDJSON without its line end. */
export interface BatchEntry {
  readonly position: number;
  readonly id: string;
  readonly line: string;
}

export type Batch = readonly BatchEntry[];

/** Bounds of one delivery. A single group may be larger; then it goes alone. */
export const batchLimits = { groups: 16, bytes: 2 * 1024 * 1024 } as const;

/** The first of the waiting groups that go out together: as many as the bounds allow, at least one. */
export function makeBatch(waiting: readonly Outgoing[], most: number = batchLimits.groups): Batch {
  const batch: BatchEntry[] = [];
  let bytes = 0;
  for (const { position, group } of waiting.slice(0, most)) {
    const line = JSON.stringify(group);
    bytes += Buffer.byteLength(line) + 1;
    if (batch.length > 0 && bytes > batchLimits.bytes) break;
    batch.push({ position, id: group.id, line });
  }
  return batch;
}

/** The batch as it is sent: each group one line, each line ended. */
export function batchText(batch: Batch): string {
  return batch.map(({ line }) => `${line}\n`).join('');
}

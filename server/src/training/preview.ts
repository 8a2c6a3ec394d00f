import type { Store } from '../store/store.ts';
import { batchLimits, batchText, makeBatch } from './batch.ts';

/** What would be sent next. */
export interface Preview {
  readonly groups: number;
  readonly bytes: number;
  /** The payload to the byte; empty where nothing waits. */
  readonly text: string;
}

/** The payload of the next delivery, for a person to look at before anything is sent. Sends and changes nothing. */
export async function preview(store: Pick<Store, 'outgoing'>): Promise<Preview> {
  const batch = makeBatch(await store.outgoing(batchLimits.groups));
  const text = batchText(batch);
  return { groups: batch.length, bytes: Buffer.byteLength(text), text };
}

import type { Store } from './store.ts';

/** The note in a store that says since when its folder may be mined and played: ISO 8601. */
const note = 'consent';

/** Whether a person had the folder of this store mined, so that it may be played. */
export async function hasConsent(store: Pick<Store, 'note'>): Promise<boolean> {
  return (await store.note(note)) !== undefined;
}

/** Notes that a person had the folder mined, in the editor or by naming it on the command line. */
export async function giveConsent(
  store: Pick<Store, 'note' | 'setNote' | 'audit'>,
  folder: string,
): Promise<void> {
  if (await hasConsent(store)) return;
  await store.setNote(note, new Date().toISOString());
  await store.audit({ what: 'consent', detail: { folder } });
}

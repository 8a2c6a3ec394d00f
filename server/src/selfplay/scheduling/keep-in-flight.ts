/**
 * Keeps up to `limit` pieces of work going, each begun as soon as there is room. `begin` says `full` where none may begin
 * until one of those that go on has ended, and `over` where none may any more. Work resolves to false where it found
 * nothing to do: nothing new begins then until another piece has ended, and where none goes on that is the end. Resolves
 * once all have ended. The first rejection fires the signal that work gets, is waited out, and is what this rejects with.
 */
export async function keepInFlight(
  limit: number,
  begin: (signal: AbortSignal) => Promise<boolean> | 'full' | 'over',
  signal: AbortSignal,
): Promise<'over' | 'nothing-to-do'> {
  const stop = new AbortController();
  const inside = AbortSignal.any([signal, stop.signal]);
  const going = new Set<Promise<void>>();
  let failure: { readonly error: unknown } | undefined;
  let ended: 'over' | undefined;
  /** Work found nothing to do since the last piece that did something ended. */
  let dry = false;
  const track = (work: Promise<boolean>) => {
    const settled: Promise<void> = work
      .then(
        (done) => {
          dry = !done;
        },
        (error: unknown) => {
          failure ??= { error };
          stop.abort(error);
        },
      )
      .finally(() => going.delete(settled));
    going.add(settled);
  };
  for (;;) {
    while (failure === undefined && ended === undefined && !dry && going.size < limit) {
      if (inside.aborted) break;
      const begun = begin(inside);
      if (begun === 'over') ended = 'over';
      if (typeof begun === 'string') break;
      track(begun);
      // Work that finds nothing to do says so before the next one would look in vain, too.
      await Promise.race([begun.catch(() => undefined), immediately()]);
    }
    if (going.size === 0) break;
    await Promise.race(going);
  }
  signal.throwIfAborted();
  if (failure !== undefined) throw failure.error;
  return ended ?? 'nothing-to-do';
}

function immediately(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

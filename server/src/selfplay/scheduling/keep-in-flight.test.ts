import { describe, expect, it } from 'vitest';
import { keepInFlight } from './keep-in-flight.ts';

const never = new AbortController().signal;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('work in flight', () => {
  it('is begun up to the limit, and again as soon as a piece has ended', async () => {
    const begun: PromiseWithResolvers<boolean>[] = [];
    const begin = () => {
      if (begun.length === 5) return 'over' as const;
      const work = Promise.withResolvers<boolean>();
      begun.push(work);
      return work.promise;
    };
    const ended = keepInFlight(3, begin, never);
    for (let at = 0; at < 10; at += 1) await turn();
    expect(begun).toHaveLength(3);
    begun[1]?.resolve(true);
    for (let at = 0; at < 10; at += 1) await turn();
    expect(begun).toHaveLength(4);
    for (let at = 0; at < 10; at += 1) {
      for (const work of begun) work.resolve(true);
      await turn();
    }
    expect(await ended).toBe('over');
  });

  it('that finds nothing is tried again when another piece has ended, which may have made some', async () => {
    const first = Promise.withResolvers<boolean>();
    let made = 0;
    let asked = 0;
    const begin = () => {
      asked += 1;
      if (asked === 1) return first.promise;
      if (made === 0) return Promise.resolve(false);
      made -= 1;
      return Promise.resolve(true);
    };
    const ended = keepInFlight(2, begin, never);
    for (let at = 0; at < 10; at += 1) await turn();
    expect(asked).toBe(2);
    made = 3;
    first.resolve(true);
    expect(await ended).toBe('nothing-to-do');
    expect(made).toBe(0);
  });

  it('begins nothing more after a failure, ends the others and tells the first one', async () => {
    const failing = Promise.withResolvers<boolean>();
    const ends: string[] = [];
    let begun = 0;
    const begin = (signal: AbortSignal) => {
      begun += 1;
      if (begun === 1) return failing.promise;
      return new Promise<boolean>((_, reject) => {
        signal.addEventListener('abort', () => {
          ends.push('stopped');
          reject(signal.reason);
        });
      });
    };
    const ended = keepInFlight(3, begin, never);
    await turn();
    failing.reject(new RangeError('first'));
    await expect(ended).rejects.toThrow('first');
    expect(begun).toBeLessThanOrEqual(3);
    expect(ends).toHaveLength(begun - 1);
  });

  it('stops as its signal says, once all has ended', async () => {
    const stop = new AbortController();
    let isOver = false;
    const begin = (signal: AbortSignal) =>
      new Promise<boolean>((_, reject) => {
        signal.addEventListener('abort', () =>
          setTimeout(() => {
            isOver = true;
            reject(signal.reason);
          }, 20),
        );
      });
    const ended = keepInFlight(2, begin, stop.signal);
    await turn();
    stop.abort(new RangeError('stop'));
    await expect(ended).rejects.toThrow('stop');
    expect(isOver).toBe(true);
  });

  it('waits where there is room but none may begin', async () => {
    const only = Promise.withResolvers<boolean>();
    let begun = 0;
    let isFull = false;
    const begin = () => {
      if (isFull) return 'full' as const;
      if (begun === 2) return 'over' as const;
      begun += 1;
      isFull = true;
      return only.promise.then((done) => {
        isFull = false;
        return done;
      });
    };
    const ended = keepInFlight(4, begin, never);
    await turn();
    expect(begun).toBe(1);
    only.resolve(true);
    expect(await ended).toBe('over');
    expect(begun).toBe(2);
  });
});

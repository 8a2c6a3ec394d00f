import { decode } from '../../values/canonical.ts';
import { CanonicalError } from '../../values/canonical-error.ts';
import { builtinExceptions } from '../../values/exceptions.ts';
import type { Ran, Trace } from '../sandbox.ts';
import type { ImageEnd } from './image.ts';
import type { Job } from './lane.ts';

/** What a run came to: a result, drift between two calls in one process, or what it executed. */
export type RunFinding =
  | { readonly type: 'ran'; readonly ran: Ran }
  | { readonly type: 'drifts'; readonly cpuMs: number }
  | { readonly type: 'traced'; readonly trace: Trace };

/**
 * Reads the end of a run. The frame comes out of memory that a hostile program could write: whatever does not fit the
 * harness's grammar to the letter is a crash, and no frame can say more than the program could have returned.
 */
export function readResult(
  { end, cpuMs }: ImageEnd,
  { limits, mode }: Pick<Job, 'limits' | 'mode'>,
): RunFinding {
  const ran = (result: DistributiveOmit<Ran, 'cpuMs'>): RunFinding => ({
    type: 'ran',
    ran: { ...result, cpuMs } as Ran,
  });
  switch (end.type) {
    case 'limit':
      return ran({ outcome: 'limit', limit: end.limit });
    case 'violation':
      return ran({ outcome: 'violation', what: end.what });
    case 'drifts':
      return { type: 'drifts', cpuMs };
    case 'trap':
      return ran({ outcome: 'crash', signal: end.what });
    case 'died':
      // At the hard limit the watchdog or we ended it: it was inside of something that asks nobody.
      return ran(end.late ? { outcome: 'limit', limit: 'wall' } : { outcome: 'crash', signal: end.signal });
    case 'frame':
      return readFrame(end.frame, { limits, mode }, cpuMs);
  }
}

function readFrame(
  frame: Uint8Array,
  { limits: { outputBytes }, mode }: Pick<Job, 'limits' | 'mode'>,
  cpuMs: number,
): RunFinding {
  const ran = (result: DistributiveOmit<Ran, 'cpuMs'>): RunFinding => ({
    type: 'ran',
    ran: { ...result, cpuMs } as Ran,
  });
  const forged = ran({ outcome: 'crash', signal: 'forged-frame' });
  const kind = String.fromCharCode(frame[0] ?? 0);
  const rest = frame.subarray(1);
  const text = new TextDecoder('latin1').decode(rest);
  // A run answers what it was asked: lines only to what asked for lines, drift only to what was called twice.
  if (kind === 't' && mode !== 'trace' && mode !== 'cover') return forged;
  if (kind === 'd' && mode !== 'twice') return forged;
  switch (kind) {
    case 'v':
      if (rest.length > outputBytes) return ran({ outcome: 'limit', limit: 'output' });
      try {
        return ran({ outcome: 'ok', value: decode(rest) });
      } catch (error) {
        if (error instanceof CanonicalError) return forged;
        throw error;
      }
    case 'x':
      return builtinExceptions.has(text) ? ran({ outcome: 'exception', type: text }) : forged;
    case 'u':
      return /^[a-zA-Z_]{1,40}$/.test(text) ? ran({ outcome: 'unencodable', what: text }) : forged;
    case 'l':
      return text === 'memory' ? ran({ outcome: 'limit', limit: 'memory' }) : forged;
    case 'r':
      return text === 'syntax' || text === 'no-entry' || text === 'arguments'
        ? ran({ outcome: 'refused', reason: text })
        : forged;
    case 'd':
      return text === '' ? { type: 'drifts', cpuMs } : forged;
    case 't':
      return readTrace(text) ?? forged;
    default:
      return forged;
  }
}

/** `12:3,4,5`: so many lines were run, these. */
function readTrace(text: string): RunFinding | undefined {
  const [, steps, lines] = /^(\d{1,15}):((?:\d+(?:,\d+)*)?)$/.exec(text) ?? [];
  if (steps === undefined || lines === undefined) return undefined;
  return {
    type: 'traced',
    trace: { steps: Number(steps), lines: lines === '' ? [] : lines.split(',').map(Number) },
  };
}

type DistributiveOmit<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

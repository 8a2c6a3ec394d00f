import type { RunEnd } from './image.ts';

/** What several images say together of one program: its end where they agree, else that it drifts. */
export function agreedEnd(ends: readonly [RunEnd, ...RunEnd[]]): RunEnd {
  // What ended before its result in one image says nothing about what it would have been.
  const cut = ends.find(({ type }) => type !== 'frame');
  if (cut !== undefined) return cut;
  const frames = ends.map((end) => (end.type === 'frame' ? end.frame : new Uint8Array()));
  const [first] = frames;
  return frames.every((frame) => Buffer.compare(frame, first ?? frame) === 0) ? ends[0] : { type: 'drifts' };
}

import type { Sample, SampleRequest, Slot } from '../model/endpoint.ts';
import { Preempted } from '../model/priority-gate.ts';
import { choices } from './choices.ts';
import type { Turns } from './tools/turns.ts';

/** One sample with the random seed that it was drawn with. */
export interface Drawn {
  readonly sample: Sample;
  readonly randomSeed: number;
  /** What it made of its tool, where it had one: `sample` is then all of its turns together. */
  readonly turns?: Turns;
}

/** Draws one sample, however often a person comes first. */
export async function drawSample(
  slot: Pick<Slot, 'sample'>,
  first: SampleRequest,
  signal: AbortSignal,
): Promise<Drawn> {
  for (let request = first; ; request = { ...request, randomSeed: nextRandomSeed(request.randomSeed) }) {
    try {
      return { sample: await slot.sample(request, signal), randomSeed: request.randomSeed };
    } catch (error) {
      if (!(error instanceof Preempted)) throw error;
    }
  }
}

/** Another random seed behind one: in the place of a sample that was given up, or for the next turn. The same one for the same. */
export function nextRandomSeed(randomSeed: number): number {
  return choices(randomSeed).randomSeed();
}

import type { PlayEvent } from '../play.ts';
import { shareText } from '../share-text.ts';
import { sampleSize } from './gate-sample.ts';

/** What a run tells of held-out tasks as a line for a person. */
export function heldOutText(event: Extract<PlayEvent, { type: 'held-out' | 'too-few-held-out' }>): string {
  return event.type === 'held-out'
    ? `Held out (gate): ${shareText(event.right)} right.`
    : `Held out (gate): ${event.tasks} of the ${sampleSize.least} tasks that it takes; this run is measured on none.`;
}

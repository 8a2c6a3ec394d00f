import type { ToolCall } from '../../../../protocol/group.ts';

/** What an attempt made of its tool. */
export interface Turns {
  /** What it ran, in order. */
  readonly calls: readonly ToolCall[];
  /** What it said behind the answer's opening; null where it came to no answer. */
  readonly answer: string | null;
  /** Pieces of code that ran through, in order. */
  readonly ran: readonly string[];
  /** The sandbox failed in the middle of it: it cannot be judged. */
  readonly isBroken: boolean;
}

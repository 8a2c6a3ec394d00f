import { judgeAttempt } from './attempt.ts';
import { judge } from './judge.ts';

/** Who judges in a run: handed in, so that a run can be tried with a judge that is broken on purpose. */
export interface Judges {
  /** An attempt on a stored task. */
  readonly attempt: typeof judgeAttempt;
  /** A record that comes from outside of the store. */
  readonly record: typeof judge;
}

/** The judges of every real run. */
export const theJudges: Judges = { attempt: judgeAttempt, record: judge };

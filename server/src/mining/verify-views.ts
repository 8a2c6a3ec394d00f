import type { VerifiedUnit } from './verify-calls.ts';
import { type Subject, type SubjectVerified, type UnitVerifying, verifySubject } from './verify-subject.ts';
import { type View, viewsAfter } from './wrappers/views.ts';

/** Verifies a program by what can be seen of what it returns, one way after the other, until one gives values. */
export async function verifyViews(
  views: readonly View[],
  seenBy: (view: View) => Promise<Subject | undefined>,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<Pick<SubjectVerified, 'verified' | 'failure'>> {
  let failure = '';
  let hasItems = true;
  for (const view of views) {
    if (!hasItems && (view === 'reprs' || view === 'strs')) continue;
    const subject = await seenBy(view);
    if (subject === undefined) continue;
    const { verified, failure: its, unencodable } = await verifySubject(subject, verifying, signal);
    if (verified?.kept.some(({ output }) => !tellsNothing.test(output)) === true)
      return { verified, failure };
    failure = failure || its;
    if (view === 'list') hasItems = unencodable.length > 0;
  }
  return { verified: undefined, failure };
}

/** What has no items raises whatever it was made of, and what has no attributes shows none. */
const tellsNothing = /^(raise \w+|\{\}|'\{\}')$/;

/** Verifies a program as it is, then where it returns what is no literal, by what can be seen of that. */
export async function verifySeen(
  first: View | null,
  seenBy: (view: View | null) => Promise<Subject | undefined>,
  verifying: UnitVerifying,
  signal: AbortSignal,
): Promise<Pick<SubjectVerified, 'verified' | 'failure' | 'none'>> {
  const subject = await seenBy(first);
  if (subject === undefined) return { verified: undefined, none: false, failure: '' };
  const end = await verifySubject(subject, verifying, signal);
  if (end.none && !hasKept(end.verified)) return end;
  const isDone = hasKept(end.verified) && (end.unencodable.length === 0 || isTelling([end.verified]));
  if (isDone) return end;
  // Where all that is no literal is left out, the rest may be no more than what is empty.
  const seen = await verifyViews(viewsAfter(first, end.objectType), seenBy, verifying, signal);
  const verified = seen.verified ?? end.verified;
  return { verified, none: false, failure: end.failure || seen.failure };
}

/** Whether a program has seeds. */
export function hasKept(verified: VerifiedUnit | undefined): verified is VerifiedUnit {
  return verified !== undefined && verified.kept.length > 0;
}

export function hasSeeds(verified: readonly VerifiedUnit[]): boolean {
  return verified.some(hasKept);
}

/** Whether calls give different values. */
export function isTelling(verified: readonly VerifiedUnit[]): boolean {
  const outputs = verified.flatMap(({ kept }) => kept.map(({ output }) => output));
  return new Set(outputs.filter((output) => !output.startsWith('raise '))).size > 1;
}

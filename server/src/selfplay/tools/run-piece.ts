import type { ToolOutcome } from '../../../../protocol/group.ts';
import type { Sandbox } from '../../sandbox/sandbox.ts';
import { mostShown, runSession, type SessionEnd, type Shown } from '../../sandbox/session/run-session.ts';
import { isBlank } from '../../tasks/tools/tool-turn.ts';
import { writeValue } from '../../values/literal-writer.ts';

/** Characters of one piece of code. What is longer is not run. */
const longestCode = 2_000;

/** A piece that ran, and what it showed then. */
export interface Kept {
  readonly code: string;
  readonly shown: Shown;
}

/** What came of a piece of code: the text that the session shows, whole lines; `kept` where later pieces build on it. */
export interface PieceRun {
  readonly outcome: ToolOutcome;
  readonly text: string;
  readonly kept?: Kept;
}

/**
 * Runs a piece of code behind those that ran before it in this attempt. Rejects as `Sandbox.run` does: what the code does is never
 * an error.
 */
export async function runPiece(
  scope: string,
  before: readonly Kept[],
  code: string,
  sandbox: Pick<Sandbox, 'run'>,
  signal: AbortSignal,
): Promise<PieceRun> {
  if (isBlank(code)) return { outcome: 'blank', text: '' };
  if (code.length > longestCode) return noted('refused');
  const pieces = [...before.map((kept) => kept.code), code];
  const end = await runSession({ program: scope, pieces }, sandbox, signal);
  if (end.outcome !== 'ran') return noted(outcomeOf(end));
  const shown = end.shown.at(-1);
  const isSame = before.every((kept, index) => isAlike(kept.shown, end.shown[index]));
  if (shown === undefined || !isSame) return noted('drifts');
  return {
    outcome: shown.raised === null ? 'ran' : 'raised',
    text: lines(shown.printed) + lines(shown.raised ?? ''),
    kept: { code, shown },
  };
}

type Noted = Exclude<ToolOutcome, 'ran' | 'raised' | 'blank'>;

function outcomeOf({ outcome }: Exclude<SessionEnd, { outcome: 'ran' }>): Noted {
  switch (outcome) {
    case 'limit':
    case 'violation':
    case 'refused':
      return outcome;
    // Nothing gets out of a session but what is sound: an exception outside of its pieces, and what has no form, are broken ones.
    default:
      return 'crash';
  }
}

/** What the session says in the place of a result. */
const notes: Readonly<Record<Noted, string>> = {
  limit: 'stopped: this takes too long, or too much memory',
  violation: 'stopped: this is not allowed here',
  crash: 'stopped: Python ended',
  refused: 'not run: this is too much code',
  drifts: 'not shown: what ran before gives something else now',
};

function noted(outcome: Noted): PieceRun {
  return { outcome, text: `# ${notes[outcome]}\n` };
}

/** Whether two runs showed the same, but for addresses, which say nothing. */
function isAlike(one: Shown, other: Shown | undefined): boolean {
  const plain = (text: string) => text.replaceAll(/\b0x[0-9a-f]{6,}\b/g, '0x');
  return (
    other !== undefined &&
    plain(one.printed) === plain(other.printed) &&
    plain(one.raised ?? '') === plain(other.raised ?? '') &&
    (one.raised === null) === (other.raised === null)
  );
}

/** A text as whole lines, cut where it is too long, with what a server could change on its way written out as `repr` does. */
function lines(text: string): string {
  const written = text
    .slice(0, mostShown + 1)
    .replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}]/gu, (character) =>
      writeValue({ type: 'str', value: character }).slice(1, -1),
    );
  if (written.length > mostShown) return `${written.slice(0, mostShown).toWellFormed()}\n# and more\n`;
  return written === '' || written.endsWith('\n') ? written : `${written}\n`;
}

import { LiteralError, type LiteralReason } from './literal-error.ts';

const blanks = /(?:[ \t\f]|\\(?:\r\n|\r|\n))*/y;
const blanksAndLines = /(?:[ \t\f\r\n]|\\(?:\r\n|\r|\n)|#[^\r\n]*)*/y;

/** A text with a place in it. Positions count UTF-16 units. */
export class LiteralCursor {
  readonly text: string;
  position: number;
  /** Open brackets: within them, line ends and comments are white space, as in Python. */
  brackets = 0;

  constructor(text: string, position: number) {
    this.text = text;
    this.position = position;
  }

  /** Passes white space over and returns the character that stands there; empty at the end. */
  peek(): string {
    this.match(this.brackets > 0 ? blanksAndLines : blanks);
    return this.text.charAt(this.position);
  }

  /** Takes a character after white space, if it is this one. */
  take(character: string): boolean {
    if (this.peek() !== character) return false;
    this.position += 1;
    return true;
  }

  /** Takes this character after white space; anything else is a syntax error. */
  expect(character: string): void {
    if (!this.take(character)) throw this.fault('syntax');
  }

  /** What a sticky pattern matches here, passed over; undefined where it does not. */
  match(pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.position;
    const found = pattern.exec(this.text);
    if (found === null) return undefined;
    this.position = pattern.lastIndex;
    return found;
  }

  fault(reason: LiteralReason, position = this.position): LiteralError {
    return new LiteralError(reason, position);
  }
}

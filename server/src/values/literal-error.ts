/**
 * Why a text is no literal.
 * `empty`: nothing but white space · `syntax`: not of the grammar · `not-tuple`: a literal, but no argument tuple ·
 * `exception`: `raise` with something else than the bare name of a builtin exception · `unhashable`: a list, set or dict as a
 * set's member or a dict's key · `too-large`: above the budget of canonical values, or the text above `maxTextLength` ·
 * `surrogates`: two escapes that Python holds apart and we could not · `nan`: `float('nan')`, which no comparison could use.
 */
export type LiteralReason =
  | 'empty'
  | 'syntax'
  | 'not-tuple'
  | 'exception'
  | 'unhashable'
  | 'too-large'
  | 'surrogates'
  | 'nan';

/** Ends a reading from within; never leaves the reader. */
export class LiteralError extends Error {
  readonly reason: LiteralReason;
  readonly position: number;

  constructor(reason: LiteralReason, position: number) {
    super(`No literal: ${reason} at ${position}`);
    this.name = 'LiteralError';
    this.reason = reason;
    this.position = position;
  }
}

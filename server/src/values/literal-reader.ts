import { encode } from './canonical.ts';
import { CanonicalError, type CanonicalReason } from './canonical-error.ts';
import { builtinExceptions } from './exceptions.ts';
import { LiteralCursor } from './literal-cursor.ts';
import { LiteralError, type LiteralReason } from './literal-error.ts';
import { type Parsing, parseTop } from './literal-parser.ts';
import type { Call, Output, Value } from './value.ts';
import { stripped } from './white-space.ts';

/** Longest text that is read, in UTF-16 units: enough for whatever `literal-writer` writes of a value within the budget. */
export const maxTextLength = 131_072;

/** A text's value, or why it has none and where (UTF-16 units from the start of the text). */
export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: LiteralReason; readonly position: number };

/**
 * Reads a value out of Python literal text, as data; nothing is evaluated. White space around it is passed over.
 *
 * The grammar is that of Python's `ast.literal_eval`, of which it takes: numbers with their sign and underscores, in all bases;
 * complex sums; strings and bytes with all prefixes but `f`, with escapes, triple quotes and concatenation; list, tuple, dict and
 * set displays; `set()`; `None`, `True`, `False`. Beyond it: `frozenset()`, `frozenset({…})`, `float('inf')`, `float('-inf')`.
 * It leaves out `...`, the escape `\N{…}`, and comments outside of brackets. The signs of a complex number's parts are those
 * that `repr` means by its text: `-2j` has the real part 0.0 and `(-0-2j)` has −0.0. There is no text for NaN.
 *
 * A text that is read has a canonical form. Takes time linear in the text's length.
 */
export function readValue(text: string): Read<Value> {
  return reading(text, parseWhole);
}

/**
 * Reads the argument tuple of a call: `(1, 'a')`, `(1,)`, `()`, and without parentheses `1, 'a'` and `1,`. A value that is no
 * tuple, such as `1` or `(1)`, is `not-tuple`.
 */
export function readCall(text: string): Read<Call> {
  return reading(text, (trimmed, start) => {
    const value = parseWhole(trimmed, start);
    if (value.type !== 'tuple') throw new LiteralError('not-tuple', start);
    return value.items;
  });
}

/** Reads an output: a value, or `raise ValueError` with the bare name of a builtin exception. */
export function readOutput(text: string): Read<Output> {
  return reading(text, (trimmed, start) => {
    const [, exception] = /^raise[ \t]+(\w+)$/.exec(trimmed) ?? [];
    if (exception === undefined) {
      if (/^raise\b/.test(trimmed)) throw new LiteralError('exception', start);
      return { type: 'value', value: parseWhole(trimmed, start) };
    }
    if (!builtinExceptions.has(exception)) throw new LiteralError('exception', start);
    return { type: 'raise', exception };
  });
}

function reading<T>(text: string, parse: (trimmed: string, start: number) => T): Read<T> {
  try {
    if (text.length > maxTextLength) throw new LiteralError('too-large', maxTextLength);
    const trimmed = stripped(text);
    if (trimmed === '') throw new LiteralError('empty', text.length);
    return { ok: true, value: parse(trimmed, text.indexOf(trimmed)) };
  } catch (error) {
    if (!(error instanceof LiteralError)) throw error;
    const { reason, position } = error;
    return { ok: false, reason, position };
  }
}

function parseWhole(trimmed: string, start: number): Value {
  try {
    // Python takes no source with these in it.
    if (trimmed.includes('\0') || !trimmed.isWellFormed()) throw new LiteralError('syntax', 0);
    const parsing: Parsing = { cursor: new LiteralCursor(trimmed, 0), nodes: 0 };
    const value = parseTop(parsing);
    if (parsing.cursor.peek() !== '') throw parsing.cursor.fault('syntax');
    encode(value);
    return value;
  } catch (error) {
    if (error instanceof LiteralError) throw new LiteralError(error.reason, error.position + start);
    if (error instanceof CanonicalError) throw new LiteralError(literalReason(error.reason), start);
    throw error;
  }
}

function literalReason(reason: CanonicalReason): LiteralReason {
  return reason === 'surrogates' || reason === 'unhashable' ? reason : 'too-large';
}

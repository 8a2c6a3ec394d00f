import { budget } from './encoding.ts';
import type { LiteralCursor } from './literal-cursor.ts';
import type { Value } from './value.ts';

const based = /0(?:[xX](?:_?[0-9a-fA-F])+|[oO](?:_?[0-7])+|[bB](?:_?[01])+)/y;
const digits = '[0-9](?:_?[0-9])*';
const decimal = new RegExp(
  `(?:${digits}(\\.(?:${digits})?)?|(\\.${digits}))([eE][+-]?${digits})?([jJ])?`,
  'y',
);
/** Room for the digits of every int within the budget in every base; more are not worth the time to convert. */
const maxDigits = 2 * budget.intBits;

export type NumberValue = Extract<Value, { type: 'int' | 'float' | 'complex' }>;

/** Reads a number without a sign; undefined where none stands. */
export function readNumber(cursor: LiteralCursor): NumberValue | undefined {
  const start = cursor.position;
  const inBase = cursor.match(based);
  if (inBase !== undefined) return readInt(inBase[0], cursor, start);
  const found = cursor.match(decimal);
  if (found === undefined) return undefined;
  const [text, point, leadingPoint, exponent, imaginary] = found;
  if (imaginary !== undefined) {
    return { type: 'complex', real: 0, imag: toFloat(text.slice(0, -1)) };
  }
  if (point !== undefined || leadingPoint !== undefined || exponent !== undefined) {
    return { type: 'float', value: toFloat(text) };
  }
  // Python refuses 010 lest someone takes it for an octal number; 000 is zero.
  if (/^0[0_]*[1-9]/.test(text)) throw cursor.fault('syntax', start);
  return readInt(text, cursor, start);
}

function readInt(text: string, cursor: LiteralCursor, start: number): NumberValue {
  const plain = text.replaceAll('_', '').toLowerCase();
  if (plain.length > maxDigits) throw cursor.fault('too-large', start);
  return { type: 'int', value: BigInt(plain) };
}

function toFloat(text: string): number {
  return Number(text.replaceAll('_', ''));
}

/**
 * The canonical form of a Python value: what travels to a sandbox and back. One value has one form, one form has one value, and
 * two values are `identical` when their forms are the same bytes.
 *
 *     value     = none | bool | int | float | complex | str | bytes | list | tuple | dict | set | frozenset
 *     none      = "N"
 *     bool      = "T" | "F"
 *     int       = "i" ["-"] hex ";"            Python's format(n, "x"): lower case, no leading zero, never "-0"
 *     float     = "f" number ";"               number is float.hex(): "0x1.8000000000000p+1", "-0x0.0p+0",
 *                                              "0x0.0000000000001p-1022"; "nan" (without sign or payload), "inf", "-inf"
 *     complex   = "c" number "," number ";"    real part, imaginary part
 *     str       = "s" length ":" utf8          length is the decimal count of bytes (not of characters), no leading zero;
 *                                              Python's encode("utf-8", "surrogatepass")
 *     bytes     = "b" {two hex digits} ";"     lower case: bytes.hex()
 *     list      = "[" {value} "]"
 *     tuple     = "(" {value} ")"
 *     dict      = "{" {value value} "}"        key, value; in the order of insertion
 *     set       = "<" {value} ">"              members in ascending order of their encoded bytes (as sorted() has them)
 *     frozenset = "z<" {value} ">"             likewise
 *
 * There is no white space and nothing after the value. A type is exactly this type: a subclass has no form. A call travels as the
 * tuple of its arguments.
 *
 * No form: members of a set, or keys of a dict, that are equal to Python (this can only be forged) or of which more than one
 * encodes the same (two NaN); members and keys that Python cannot hash; a str in which a high surrogate (U+D800–DBFF) stands
 * directly before a low one (U+DC00–DFFF), since a JavaScript string cannot tell these two from the one character they would make.
 *
 * Budget, in `budget`: at most 32 containers around one another (32 nested lists pass, 33 do not), 4,096 values (each container,
 * member, key and dict value counts one), ints of at most 4,096 bits (int.bit_length()), 16,384 bytes in all. What is over is
 * refused, never cut.
 */
import { CanonicalError } from './canonical-error.ts';
import { budget, checkValue, encoding } from './encoding.ts';
import { parseFloatHex } from './float-hex.ts';
import type { Value } from './value.ts';
import { fromWtf8 } from './wtf8.ts';

/** Encodes a value. Throws `CanonicalError` where it has no form. */
export function encode(value: Value): Uint8Array {
  checkValue(value);
  const text = encoding(value, 'canonical');
  if (text.length > budget.bytes) throw new CanonicalError('size');
  return Buffer.from(text, 'latin1');
}

/** Whether a value has a canonical form. */
export function isEncodable(value: Value): boolean {
  try {
    encode(value);
    return true;
  } catch (error) {
    if (error instanceof CanonicalError) return false;
    throw error;
  }
}

/** Decodes a canonical form, and nothing but one: encoding the result gives the same bytes. Throws `CanonicalError`. */
export function decode(bytes: Uint8Array): Value {
  if (bytes.length > budget.bytes) throw new CanonicalError('size');
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
  const reader: Reader = { text, position: 0, nodes: 0 };
  const value = readValue(reader, 1);
  if (reader.position !== text.length) throw new CanonicalError('syntax');
  checkValue(value);
  if (encoding(value, 'canonical') !== text) throw new CanonicalError('alias');
  return value;
}

interface Reader {
  readonly text: string;
  position: number;
  nodes: number;
}

function readValue(reader: Reader, depth: number): Value {
  reader.nodes += 1;
  if (reader.nodes > budget.nodes) throw new CanonicalError('nodes');
  const tag = reader.text[reader.position];
  reader.position += 1;
  switch (tag) {
    case 'N':
      return { type: 'none' };
    case 'T':
    case 'F':
      return { type: 'bool', value: tag === 'T' };
    case 'i':
      return { type: 'int', value: readInt(reader) };
    case 'f':
      return { type: 'float', value: readFloat(until(reader, ';')) };
    case 'c':
      return { type: 'complex', real: readFloat(until(reader, ',')), imag: readFloat(until(reader, ';')) };
    case 's':
      return { type: 'str', value: readStr(reader) };
    case 'b':
      return { type: 'bytes', value: readBytes(until(reader, ';')) };
    case '[':
      return { type: 'list', items: readItems(reader, ']', depth) };
    case '(':
      return { type: 'tuple', items: readItems(reader, ')', depth) };
    case '<':
      return { type: 'set', items: readItems(reader, '>', depth) };
    case 'z':
      if (reader.text[reader.position] !== '<') throw new CanonicalError('syntax');
      reader.position += 1;
      return { type: 'frozenset', items: readItems(reader, '>', depth) };
    case '{':
      return { type: 'dict', entries: readEntries(reader, depth) };
    default:
      throw new CanonicalError('syntax');
  }
}

function readItems(reader: Reader, close: string, depth: number): Value[] {
  if (depth > budget.depth) throw new CanonicalError('depth');
  const items: Value[] = [];
  while (reader.text[reader.position] !== close) items.push(readValue(reader, depth + 1));
  reader.position += 1;
  return items;
}

function readEntries(reader: Reader, depth: number): [Value, Value][] {
  const items = readItems(reader, '}', depth);
  if (items.length % 2 !== 0) throw new CanonicalError('syntax');
  const entries: [Value, Value][] = [];
  for (let index = 0; index < items.length; index += 2) {
    entries.push(items.slice(index, index + 2) as [Value, Value]);
  }
  return entries;
}

/** The text up to a mark, which is passed over. */
function until(reader: Reader, mark: string): string {
  const end = reader.text.indexOf(mark, reader.position);
  if (end < 0) throw new CanonicalError('syntax');
  const text = reader.text.slice(reader.position, end);
  reader.position = end + 1;
  return text;
}

function readInt(reader: Reader): bigint {
  const [, sign, digits] = /^(-?)([0-9a-f]+)$/.exec(until(reader, ';')) ?? [];
  if (digits === undefined) throw new CanonicalError('syntax');
  const magnitude = BigInt(`0x${digits}`);
  return sign === '-' ? -magnitude : magnitude;
}

function readFloat(text: string): number {
  const value = parseFloatHex(text);
  if (value === undefined) throw new CanonicalError('syntax');
  return value;
}

function readStr(reader: Reader): string {
  const length = until(reader, ':');
  if (!/^(?:0|[1-9][0-9]{0,4})$/.test(length)) throw new CanonicalError('syntax');
  const end = reader.position + Number(length);
  if (end > reader.text.length) throw new CanonicalError('syntax');
  const decoded = fromWtf8(reader.text.slice(reader.position, end));
  if ('error' in decoded) throw new CanonicalError(decoded.error === 'pair' ? 'surrogates' : 'syntax');
  reader.position = end;
  return decoded.text;
}

function readBytes(text: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new CanonicalError('syntax');
  return new Uint8Array(Buffer.from(text, 'hex'));
}

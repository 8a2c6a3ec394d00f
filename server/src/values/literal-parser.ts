import { budget, encoding, isHashable } from './encoding.ts';
import type { LiteralCursor } from './literal-cursor.ts';
import { type NumberValue, readNumber } from './number-literal.ts';
import { joinParts, readStringPart } from './string-literal.ts';
import type { Value } from './value.ts';

const keyword = /[A-Za-z_][A-Za-z0-9_]*/y;
/** Each container opens at most two brackets (`frozenset({`); a complex number in the innermost has its own. */
const maxBrackets = 2 * budget.depth + 2;

/**
 * An expression and how it stood in the text, which decides where it may go: only a number without a sign takes one, and only a
 * number is the real part of a complex one. `negative` is kept because the int −0 has no sign of its own.
 */
interface Expression {
  readonly value: Value;
  readonly number?: { readonly sign: 'none' | 'plus' | 'minus' };
}

/** Where the parser stands, and how many values it has made so far (the parts of a number or frozenset left out). */
export interface Parsing {
  readonly cursor: LiteralCursor;
  nodes: number;
}

/** Reads a value as a whole text may have it: `1, 'a'` is a tuple without parentheses. */
export function parseTop(parsing: Parsing): Value {
  return parseTuple(parsing, '').value;
}

/** One expression up to the closing character (empty: the end of the text), or a tuple where a comma follows. */
function parseTuple(parsing: Parsing, close: ')' | ''): Expression {
  const { cursor } = parsing;
  const first = parseExpression(parsing);
  if (cursor.peek() !== ',') return first;
  const items = [first.value];
  while (cursor.take(',')) {
    if (cursor.peek() === close) break;
    items.push(parseExpression(parsing).value);
  }
  count(parsing);
  return { value: { type: 'tuple', items } };
}

/** A literal with its sign, or a complex number written as a sum. */
function parseExpression(parsing: Parsing): Expression {
  const left = parseSigned(parsing);
  const { cursor } = parsing;
  const operator = cursor.peek();
  if (operator !== '+' && operator !== '-') return left;
  if (left.number === undefined || left.value.type === 'complex') throw cursor.fault('syntax');
  cursor.position += 1;
  const right = parsePrimary(parsing);
  if (right.number?.sign !== 'none' || right.value.type !== 'complex') throw cursor.fault('syntax');
  const real = realPart(left, cursor);
  const { imag } = right.value;
  parsing.nodes -= 1;
  return { value: { type: 'complex', real, imag: operator === '-' ? -imag : imag } };
}

function realPart({ value, number }: Expression, cursor: LiteralCursor): number {
  if (value.type === 'float') return value.value;
  const real = value.type === 'int' ? Number(value.value) : Number.NaN;
  if (!Number.isFinite(real)) throw cursor.fault('syntax');
  return real === 0 && number?.sign === 'minus' ? -0 : real;
}

function parseSigned(parsing: Parsing): Expression {
  const { cursor } = parsing;
  const sign = cursor.peek();
  if (sign !== '-' && sign !== '+') return parsePrimary(parsing);
  cursor.position += 1;
  const { value, number } = parsePrimary(parsing);
  if (number?.sign !== 'none') throw cursor.fault('syntax');
  if (sign === '+') return { value, number: { sign: 'plus' } };
  return { value: negative(value as NumberValue), number: { sign: 'minus' } };
}

function negative(value: NumberValue): Value {
  switch (value.type) {
    case 'int':
      return { type: 'int', value: -value.value };
    case 'float':
      return { type: 'float', value: -value.value };
    case 'complex':
      return { type: 'complex', real: value.real, imag: -value.imag };
  }
}

function parsePrimary(parsing: Parsing): Expression {
  const { cursor } = parsing;
  const start = cursor.peek();
  if (start === '(') return parseBracketed(parsing, ')', () => parseParentheses(parsing));
  count(parsing);
  if (start === '[') return { value: { type: 'list', items: bracketedItems(parsing, ']') } };
  if (start === '{') return { value: parseBracketed(parsing, '}', () => parseBraces(parsing)) };
  const number = readNumber(cursor);
  if (number !== undefined) return { value: number, number: { sign: 'none' } };
  const string = parseStrings(cursor);
  if (string !== undefined) return { value: string };
  return { value: parseName(parsing) };
}

function parseParentheses(parsing: Parsing): Expression {
  if (parsing.cursor.peek() !== ')') return parseTuple(parsing, ')');
  count(parsing);
  return { value: { type: 'tuple', items: [] } };
}

function parseBracketed<T>({ cursor }: Parsing, close: string, inner: () => T): T {
  cursor.position += 1;
  cursor.brackets += 1;
  if (cursor.brackets > maxBrackets) throw cursor.fault('too-large');
  const parsed = inner();
  cursor.expect(close);
  cursor.brackets -= 1;
  return parsed;
}

function bracketedItems(parsing: Parsing, close: string): Value[] {
  const { cursor } = parsing;
  return parseBracketed(parsing, close, () => {
    const items: Value[] = [];
    while (cursor.peek() !== close) {
      items.push(parseExpression(parsing).value);
      if (!cursor.take(',')) break;
    }
    return items;
  });
}

/** What stands between braces: a dict, also where nothing does, or a set. */
function parseBraces(parsing: Parsing): Value {
  const { cursor } = parsing;
  if (cursor.peek() === '}') return { type: 'dict', entries: [] };
  const members = new Map<string, Value>();
  const entries = new Map<string, [Value, Value]>();
  let isDict: boolean | undefined;
  do {
    if (cursor.peek() === '}') break;
    const start = cursor.position;
    const key = parseExpression(parsing).value;
    if (!isHashable(key)) throw cursor.fault('unhashable', start);
    const hash = encoding(key, 'python');
    isDict ??= cursor.peek() === ':';
    if (isDict) {
      cursor.expect(':');
      // Of equal keys Python keeps the first key and the last value; of equal members, the first.
      entries.set(hash, [entries.get(hash)?.[0] ?? key, parseExpression(parsing).value]);
    } else if (!members.has(hash)) members.set(hash, key);
  } while (cursor.take(','));
  return isDict
    ? { type: 'dict', entries: [...entries.values()] }
    : { type: 'set', items: [...members.values()] };
}

/** String literals one after another make one string, bytes literals one bytes. */
function parseStrings(cursor: LiteralCursor): Value | undefined {
  const first = readStringPart(cursor);
  if (first === undefined) return undefined;
  const parts = [first.text];
  for (;;) {
    cursor.peek();
    const next = readStringPart(cursor);
    if (next === undefined) break;
    if (next.bytes !== first.bytes) throw cursor.fault('syntax');
    parts.push(next.text);
  }
  const text = joinParts(parts, cursor);
  return first.bytes
    ? { type: 'bytes', value: new Uint8Array(Buffer.from(text, 'latin1')) }
    : { type: 'str', value: text };
}

function parseName(parsing: Parsing): Value {
  const { cursor } = parsing;
  const start = cursor.position;
  switch (cursor.match(keyword)?.[0]) {
    case 'None':
      return { type: 'none' };
    case 'True':
      return { type: 'bool', value: true };
    case 'False':
      return { type: 'bool', value: false };
    case 'set':
      if (parseArgument(parsing) !== undefined) throw cursor.fault('syntax', start);
      return { type: 'set', items: [] };
    case 'frozenset': {
      const argument = parseArgument(parsing);
      if (argument === undefined) return { type: 'frozenset', items: [] };
      if (argument.type !== 'set' || argument.items.length === 0) throw cursor.fault('syntax', start);
      parsing.nodes -= 1;
      return { type: 'frozenset', items: argument.items };
    }
    case 'float': {
      const argument = parseArgument(parsing);
      const name = argument?.type === 'str' ? argument.value : '';
      if (name === 'nan') throw cursor.fault('nan', start);
      if (name !== 'inf' && name !== '-inf') throw cursor.fault('syntax', start);
      parsing.nodes -= 1;
      return { type: 'float', value: name === 'inf' ? Infinity : -Infinity };
    }
    default:
      throw cursor.fault('syntax', start);
  }
}

/** The argument of a call, undefined where it has none; a comma may follow. */
function parseArgument(parsing: Parsing): Value | undefined {
  const { cursor } = parsing;
  if (cursor.peek() !== '(') throw cursor.fault('syntax');
  return parseBracketed(parsing, ')', () => {
    if (cursor.peek() === ')') return undefined;
    const { value } = parseExpression(parsing);
    cursor.take(',');
    return value;
  });
}

function count(parsing: Parsing): void {
  parsing.nodes += 1;
  if (parsing.nodes > budget.nodes) throw parsing.cursor.fault('too-large');
}

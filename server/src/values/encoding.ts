import { CanonicalError } from './canonical-error.ts';
import { floatHex } from './float-hex.ts';
import type { Value } from './value.ts';
import { toWtf8 } from './wtf8.ts';

/** The budget of one value; a call counts as the tuple of its arguments. */
export const budget = {
  /** Containers around one another. */
  depth: 32,
  /** Values in all, each container, member, key and value of a dict counted once. */
  nodes: 4096,
  /** Bits of an int's absolute value. */
  intBits: 4096,
  /** Bytes of the canonical form. */
  bytes: 16_384,
} as const;

/**
 * What of a value an encoding keeps: two values are equal under a relation when their encodings in its form are.
 * `canonical`: everything but the order of sets. `unordered`: everything but the order of sets and dicts. `python`: what Python's
 * `==` looks at: numbers as such, whatever their type, and no order of dicts; `set` and `frozenset` alike.
 */
export type Form = 'canonical' | 'unordered' | 'python';

/** Encodes a value in the grammar of canonical.ts; each byte is one character (Latin-1). Checks nothing, has no bounds. */
export function encoding(value: Value, form: Form): string {
  const inner = (part: Value) => encoding(part, form);
  switch (value.type) {
    case 'none':
      return 'N';
    case 'bool':
      if (form === 'python') return intText(value.value ? 1n : 0n);
      return value.value ? 'T' : 'F';
    case 'int':
      return intText(value.value);
    case 'float':
      return form === 'python' ? numberText(value.value) : `f${floatHex(value.value)};`;
    case 'complex':
      if (form === 'python') {
        if (value.imag === 0) return numberText(value.real);
        // Adding 0 makes −0.0 into 0.0 and leaves every other number as it is.
        return `c${floatHex(value.real + 0)},${floatHex(value.imag)};`;
      }
      return `c${floatHex(value.real)},${floatHex(value.imag)};`;
    case 'str': {
      const bytes = toWtf8(value.value);
      return `s${bytes.length}:${bytes}`;
    }
    case 'bytes':
      return `b${Buffer.from(value.value).toString('hex')};`;
    case 'list':
      return `[${value.items.map(inner).join('')}]`;
    case 'tuple':
      return `(${value.items.map(inner).join('')})`;
    case 'set':
      return `<${value.items.map(inner).sort(byBytes).join('')}>`;
    case 'frozenset':
      return `${form === 'python' ? '' : 'z'}<${value.items.map(inner).sort(byBytes).join('')}>`;
    case 'dict': {
      const entries = value.entries.map(([key, item]) => [inner(key), inner(item)] as const);
      if (form !== 'canonical') entries.sort(([a], [b]) => byBytes(a, b));
      return `{${entries.map(([key, item]) => key + item).join('')}}`;
    }
  }
}

/** Throws `CanonicalError` unless the value is one that Python can hold and that is within the budget (bytes left out). */
export function checkValue(value: Value): void {
  let nodes = 0;
  const check = (part: Value, depth: number): void => {
    nodes += 1;
    if (nodes > budget.nodes) throw new CanonicalError('nodes');
    if (part.type === 'int' && !withinIntBits(part.value)) throw new CanonicalError('int-bits');
    if (part.type === 'dict') {
      checkDepth(depth);
      for (const [key, item] of part.entries) {
        check(key, depth + 1);
        check(item, depth + 1);
      }
      checkMembers(part.entries.map(([key]) => key));
    } else if ('items' in part) {
      checkDepth(depth);
      for (const item of part.items) check(item, depth + 1);
      if (part.type === 'set' || part.type === 'frozenset') checkMembers(part.items);
    }
  };
  check(value, 1);
}

/** Whether Python would hash it: no list, set or dict in it, but in a frozenset's or tuple's place. */
export function isHashable(value: Value): boolean {
  switch (value.type) {
    case 'list':
    case 'set':
    case 'dict':
      return false;
    case 'tuple':
      return value.items.every(isHashable);
    default:
      return true;
  }
}

function checkDepth(depth: number): void {
  if (depth > budget.depth) throw new CanonicalError('depth');
}

function checkMembers(members: readonly Value[]): void {
  if (!members.every(isHashable)) throw new CanonicalError('unhashable');
  if (new Set(members.map((member) => encoding(member, 'python'))).size < members.length) {
    throw new CanonicalError('duplicate');
  }
}

function withinIntBits(value: bigint): boolean {
  const limit = 1n << BigInt(budget.intBits);
  return -limit < value && value < limit;
}

function intText(value: bigint): string {
  return `i${value.toString(16)};`;
}

function numberText(value: number): string {
  return Number.isInteger(value) ? intText(BigInt(value)) : `f${floatHex(value)};`;
}

function byBytes(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
